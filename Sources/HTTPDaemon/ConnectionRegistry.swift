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
    case responding
    /// Sending what a producer makes.
    case streaming(Request, departed: Bool)
    /// Shut down by us; its closing is due.
    case closing
  }

  enum Acceptance: Sendable {
    case open, draining, stopping
  }

  private struct Connection: Sendable {
    var phase: Phase
  }

  let readLimit: Duration
  let idleLimit: Duration
  let maximumRunning: Int
  let minimumBodyRate: Int
  private var connections: [Int32: Connection] = [:]
  private(set) var acceptance = Acceptance.open
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

  init(configuration: DaemonConfiguration) {
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

  mutating func opened(_ socket: Int32, now: Instant) {
    connections[socket] = Connection(phase: .awaiting(deadline: now + readLimit))
  }

  mutating func closed(_ socket: Int32) {
    connections[socket] = nil
  }

  mutating func requestBegan(_ socket: Int32, now: Instant) {
    openRequests += 1
    connections[socket]?.phase = .reading(deadline: now + readLimit)
  }

  /// Each piece of a body earns time for the rest.
  mutating func bodyArrived(_ socket: Int32, count: Int) {
    guard case .reading(let deadline) = connections[socket]?.phase else { return }
    let earned = Duration.seconds(1) * (Double(count) / Double(minimumBodyRate))
    connections[socket]?.phase = .reading(deadline: deadline + earned)
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

  mutating func responding(_ socket: Int32) {
    resolve(socket)
    connections[socket]?.phase = .responding
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
    connections[socket]?.phase = .awaiting(deadline: now + readLimit + idleLimit)
  }

  private mutating func resolve(_ socket: Int32) {
    switch connections[socket]?.phase {
    case .admitted, .suspended: unresolved -= 1
    default: break
    }
  }
}

extension ConnectionRegistry {
  // Questions of the watch and of drain.

  /// Connections whose request should have arrived by now; each is named once.
  mutating func takeOverdue(now: Instant) -> [Int32] {
    take { phase in
      switch phase {
      case .awaiting(let deadline), .reading(let deadline): deadline <= now
      default: false
      }
    }
  }

  /// Connections without a request; each is named once.
  mutating func takeIdle() -> [Int32] {
    take { phase in
      if case .awaiting = phase { true } else { false }
    }
  }

  private mutating func take(where matches: (Phase) -> Bool) -> [Int32] {
    let sockets = connections.filter { matches($0.value.phase) }.map(\.key)
    for socket in sockets { connections[socket]?.phase = .closing }
    return sockets
  }

  /// Connections from which something is still expected.
  var receivingSockets: [Int32] {
    connections.compactMap { socket, connection in
      switch connection.phase {
      case .awaiting, .reading: socket
      default: nil
      }
    }
  }

  /// Connections that wait for a handler and whose client was there the last time.
  var waitingSockets: [Int32] {
    connections.compactMap { socket, connection in
      if case .suspended(_, departed: false) = connection.phase { socket } else { nil }
    }
  }

  /// Connections that send a stream and whose client was there the last time.
  var streamingSockets: [Int32] {
    connections.compactMap { socket, connection in
      if case .streaming(_, departed: false) = connection.phase { socket } else { nil }
    }
  }

  /// Notes that the clients have gone; returns their requests.
  mutating func departed(_ sockets: [Int32]) -> [Request] {
    var requests: [Request] = []
    for socket in sockets {
      switch connections[socket]?.phase {
      case .suspended(let request, _):
        connections[socket]?.phase = .suspended(request, departed: true)
        requests.append(request)
      case .streaming(let request, _):
        connections[socket]?.phase = .streaming(request, departed: true)
        requests.append(request)
      default: break
      }
    }
    return requests
  }

  /// Whether a queued response has not been sent completely.
  var isSending: Bool {
    connections.values.contains { connection in
      if case .responding = connection.phase { true } else { false }
    }
  }

  mutating func beginDraining() {
    if acceptance == .open { acceptance = .draining }
  }

  /// Refuses every further request; returns those that wait for a handler now, and those that stream.
  mutating func beginStopping() -> (suspended: [Request], streaming: [Request]) {
    acceptance = .stopping
    return connections.values.reduce(into: ([], [])) { requests, connection in
      switch connection.phase {
      case .suspended(let request, _): requests.suspended.append(request)
      case .streaming(let request, _): requests.streaming.append(request)
      default: break
      }
    }
  }
}
