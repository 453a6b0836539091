/// Where a daemon listens and what it allows.
public struct DaemonConfiguration: Sendable, Equatable {
  /// A numeric IPv4 or IPv6 address, or "localhost" for 127.0.0.1.
  public var host = "127.0.0.1"
  /// 0 lets the system choose; ``HTTPServer/port`` tells.
  public var port: UInt16 = 0
  /// Where the listening socket comes from; an inherited one has its own address.
  public var socketSource = SocketSource.bind
  /// Whether other processes of this user may listen on the same port (SO_REUSEPORT).
  ///
  /// A new process then starts before the old one drains, and no connection is refused.
  public var reusePort = false
  /// Certificate and key for TLS 1.2 and 1.3; nil for HTTP without it.
  public var tls: TLSFiles?
  /// Bytes of a body, unless an ``HTTPBodyLimit`` says another number; a larger one gets 413.
  public var maximumBodyBytes = 1 << 20
  /// A body with more bytes than this is kept in a file instead of in memory.
  public var spoolThresholdBytes = 1 << 20
  /// Where those files, which have no names, take their room; a full disk is answered with 507.
  public var spoolFolder = "/var/tmp"
  /// Bytes of memory per connection, at least 4096.
  ///
  /// A longer request line is answered with 414, longer header fields with 431.
  public var headerMemoryBytes = 32 << 10
  /// Open connections; further ones wait until there is room.
  ///
  /// Room is made by closing those that have been idle the longest, or trickle header fields.
  /// Each takes a file descriptor. nil stands for 4096, or fewer where the process may not open so
  /// many files and leave 256 for the database and for files.
  public var connectionLimit: Int?
  /// Open connections of one client address, 0 for any number; further ones are closed at once.
  public var connectionsPerAddress = 0
  /// A connection on which nothing moves is closed after this.
  public var idleTimeoutSeconds = 60
  /// A request must arrive completely within this, however steadily it trickles.
  ///
  /// A body has more time, as much as it needs at ``minimumBodyRate``.
  public var requestReadLimit: Duration = .seconds(30)
  /// Bytes a second, on average, without which a body is given up after ``requestReadLimit``.
  ///
  /// Clients that read the body of an answer, or a chunk of a stream, more slowly are given up as well.
  public var minimumBodyRate = 16 << 10
  /// Handlers at work; further requests are answered with 503.
  public var maximumConcurrentRequests = 256
  /// `Retry-After` of those 503 answers.
  public var retryAfterSeconds = 1
  /// How often deadlines and departed clients are looked for.
  public var watchInterval: Duration = .milliseconds(100)

  /// The defaults above.
  public init() {}

  /// Finds the first value out of range.
  func validate() throws(DaemonError) {
    let checks: [(String, Int, ClosedRange<Int>)] = [
      ("maximumBodyBytes", maximumBodyBytes, 0...(1 << 40)),
      ("spoolThresholdBytes", spoolThresholdBytes, 0...(1 << 30)),
      ("minimumBodyRate", minimumBodyRate, 1...(1 << 30)),
      ("headerMemoryBytes", headerMemoryBytes, 4096...(1 << 24)),
      ("connectionLimit", connectionLimit ?? 1, 1...1_000_000),
      ("connectionsPerAddress", connectionsPerAddress, 0...1_000_000),
      ("idleTimeoutSeconds", idleTimeoutSeconds, 1...86_400),
      ("maximumConcurrentRequests", maximumConcurrentRequests, 1...1_000_000),
      ("retryAfterSeconds", retryAfterSeconds, 0...86_400),
    ]
    for (name, value, range) in checks where !range.contains(value) {
      throw .badSetting(name: name, found: "\(value)", expected: "\(range)")
    }
    guard requestReadLimit > .zero else {
      throw .badSetting(name: "requestReadLimit", found: "\(requestReadLimit)", expected: "> 0 s")
    }
    guard watchInterval > .zero else {
      throw .badSetting(name: "watchInterval", found: "\(watchInterval)", expected: "> 0 s")
    }
  }

  /// Descriptors that connections leave for everything else.
  static let reservedDescriptors = 256

  /// The limit of connections where the process may open so many files.
  func connectionLimit(descriptors: Int) throws(DaemonError) -> Int {
    let possible = max(descriptors - Self.reservedDescriptors, 1)
    guard let connectionLimit else { return min(4096, possible) }
    guard connectionLimit <= possible else {
      throw .badSetting(
        name: "connectionLimit", found: "\(connectionLimit)",
        expected: "at most \(possible), because this process may open \(descriptors) files")
    }
    return connectionLimit
  }
}
