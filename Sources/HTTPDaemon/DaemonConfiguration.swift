/// Where a daemon listens and what it allows.
public struct DaemonConfiguration: Sendable, Equatable {
  /// A numeric IPv4 or IPv6 address, or "localhost" for 127.0.0.1.
  public var host = "127.0.0.1"
  /// 0 lets the system choose; ``HTTPServer/port`` tells.
  public var port: UInt16 = 0
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
  /// Open connections; further ones wait or are closed.
  ///
  /// Each takes a file descriptor, of which a process has often no more than 1024. The default
  /// leaves enough of them for the database and for files.
  public var connectionLimit = 256
  /// A connection on which nothing moves is closed after this.
  public var idleTimeoutSeconds = 60
  /// A request must arrive completely within this, however steadily it trickles.
  ///
  /// A body has more time, as much as it needs at ``minimumBodyRate``.
  public var requestReadLimit: Duration = .seconds(30)
  /// Bytes a second, on average, without which a body is given up after ``requestReadLimit``.
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
      ("connectionLimit", connectionLimit, 1...1_000_000),
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
}
