/// What every open connection is doing, and who must be told when that lasts too long.
///
/// Pure bookkeeping: events in, decisions out; no input or output, and the clock is an argument.
/// Connections are named by their sockets, which are unique while the connection is open.
struct ConnectionRegistry<Request: Sendable>: Sendable {
  typealias Instant = ContinuousClock.Instant

  enum Phase: Sendable {
    /// Between requests, or before the first request line.
    case awaiting(deadline: Instant)
    /// The request line has been read, the rest has not.
    case reading(deadline: Instant)
    /// Admitted; about to be suspended.
    case admitted
    /// Suspended until a response is there.
    case suspended(Request, departed: Bool)
    /// Sending an answer of known length.
    case responding(deadline: Instant)
    /// Sending what a producer makes.
    case streaming(Request, departed: Bool)
    /// Shut down by us; its closing is due.
    case closing
  }

  enum Acceptance: Sendable {
    case open, draining, stopping
  }

  struct Connection: Sendable {
    var phase: Phase
    /// The client's address.
    let address: String
    let opened: Instant
    var hadRequest = false
    /// Whether the header fields of the request have all arrived.
    var hasHeaders = false

    var deadline: Instant? {
      switch phase {
      case .awaiting(let deadline), .reading(let deadline), .responding(let deadline): deadline
      default: nil
      }
    }
  }

  let readLimit: Duration
  let idleLimit: Duration
  let maximumRunning: Int
  let minimumBodyRate: Int
  let connectionLimit: Int
  var connections: [Int32: Connection] = [:]
  /// Those whose peers are not present.
  var departing: Set<Int32> = []
  /// No deadline is earlier.
  var earliestDeadline: Instant?
  var acceptance = Acceptance.open
  /// Handlers at work.
  private(set) var running = 0
  /// Producers of streams at work.
  private(set) var producing = 0
  /// Blocks of bodies that are being written while their connections are suspended.
  private(set) var writing = 0
  /// Admitted requests whose response the network thread has not collected.
  private(set) var unresolved = 0
  /// Requests between request line and completion.
  private(set) var openRequests = 0

  init(configuration: DaemonConfiguration, connectionLimit: Int) {
    self.connectionLimit = connectionLimit
    readLimit = configuration.requestReadLimit
    idleLimit = .seconds(configuration.idleTimeoutSeconds)
    maximumRunning = configuration.maximumConcurrentRequests
    minimumBodyRate = configuration.minimumBodyRate
  }

  var isEmpty: Bool { connections.isEmpty && running + producing == 0 }
  var hasNoWork: Bool { openRequests == 0 && running + producing == 0 }
}

extension ConnectionRegistry {
  // Events of the network thread.

  mutating func opened(_ socket: Int32, from address: String = "", now: Instant) {
    connections[socket] = Connection(
      phase: .awaiting(deadline: note(now + readLimit)), address: address, opened: now)
  }

  mutating func closed(_ socket: Int32) {
    connections[socket] = nil
    departing.remove(socket)
  }

  /// Returns the client's address.
  @discardableResult
  mutating func requestBegan(_ socket: Int32, now: Instant) -> String {
    openRequests += 1
    let deadline = note(now + readLimit)
    connections[socket]?.phase = .reading(deadline: deadline)
    connections[socket]?.hadRequest = true
    connections[socket]?.hasHeaders = false
    return connections[socket]?.address ?? ""
  }

  private mutating func note(_ deadline: Instant) -> Instant {
    earliestDeadline = min(earliestDeadline ?? deadline, deadline)
    return deadline
  }

  mutating func headersArrived(_ socket: Int32) { connections[socket]?.hasHeaders = true }

  /// Each piece of a body earns time for the rest.
  mutating func bodyArrived(_ socket: Int32, count: Int) {
    guard case .reading(let deadline) = connections[socket]?.phase else { return }
    let later = deadline + earned(by: count)
    connections[socket]?.phase = .reading(deadline: later)
  }

  /// Whether a connection may be suspended until a block is written.
  mutating func beginWriting() -> Bool {
    guard acceptance != .stopping else { return false }
    writing += 1
    return true
  }

  /// The block is written and the connection resumed.
  mutating func endWriting() {
    writing -= 1
  }

  /// Whether a handler may start; a refused request is answered at once.
  mutating func admit(_ socket: Int32) -> Bool {
    guard acceptance != .stopping, running < maximumRunning else { return false }
    running += 1
    unresolved += 1
    connections[socket]?.phase = .admitted
    return true
  }

  /// Whether the handler may still start; if not, the caller resolves the request itself.
  mutating func suspended(_ socket: Int32, request: Request) -> Bool {
    connections[socket]?.phase = .suspended(request, departed: false)
    return acceptance != .stopping
  }

  mutating func handlerEnded() {
    running -= 1
  }

  /// Each byte of an answer earns time, as those of a body do.
  mutating func responding(_ socket: Int32, count: Int, now: Instant) {
    resolve(socket)
    let deadline = note(now + readLimit + earned(by: count))
    connections[socket]?.phase = .responding(deadline: deadline)
  }

  private func earned(by count: Int) -> Duration {
    .seconds(1) * (Double(count) / Double(minimumBodyRate))
  }

  /// Whether the producer may start; if not, the stream must be broken off.
  mutating func streaming(_ socket: Int32, request: Request) -> Bool {
    resolve(socket)
    connections[socket]?.phase = .streaming(request, departed: false)
    guard acceptance != .stopping else { return false }
    producing += 1
    return true
  }

  mutating func producerEnded() {
    producing -= 1
  }

  mutating func requestEnded(_ socket: Int32, now: Instant) {
    resolve(socket)
    openRequests -= 1
    let deadline = note(now + readLimit + idleLimit)
    connections[socket]?.phase = .awaiting(deadline: deadline)
  }

  private mutating func resolve(_ socket: Int32) {
    switch connections[socket]?.phase {
    case .admitted, .suspended: unresolved -= 1
    default: break
    }
  }
}
