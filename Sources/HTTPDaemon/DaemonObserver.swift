/// Is told what a daemon does, so that it can be counted and logged.
///
/// Every call comes on the network thread, and every connection waits meanwhile: count and return.
/// Each opening has its closing and each beginning its end, also while the daemon stops.
public protocol DaemonObserver: Sendable {
  /// A client has connected.
  func connectionOpened()
  /// Its connection is closed.
  func connectionClosed()
  /// A request line has been read.
  func requestBegan()
  /// The request has been answered or cut off.
  func requestEnded(_ record: RequestRecord)
}

/// One request as it went.
public struct RequestRecord: Sendable, Equatable {
  /// Its `X-Request-Id`; empty when the header fields could not be read.
  public var id: String
  /// The method as sent, which can be any word; empty when the header fields could not be read.
  public var method: String
  /// The path of the route that answered, one of a few; nil when none was asked.
  public var route: String?
  /// The status of the answer, nil when there was none.
  ///
  /// Refusals of the daemon (400, 413, 415, 503, 507) and of libmicrohttpd are among them; a request
  /// line that is too long (414) is not told at all.
  public var status: HTTPStatus?
  /// Bytes of the body as they came, without chunk sizes.
  public var bytesReceived: Int
  /// Bytes of the answer's body as they went, without chunk sizes; 0 for a cut body of known length.
  public var bytesSent: Int
  /// From request line to the last byte of the answer.
  public var duration: Duration
  /// The client's numeric address, empty for a Unix socket.
  public var peer: String
  /// Whether the answer went out whole.
  public var isComplete: Bool
}
