/// One request, read completely.
public struct HTTPRequest: Sendable {
  /// The method as sent; methods are case-sensitive (RFC 9110 §9.1).
  public var method: String
  /// Path and query.
  public var target: RequestTarget
  /// The header fields.
  public var headers: HTTPHeaders
  /// The whole body, decoded from chunks if it came in chunks; empty when there is a file.
  public var body: [UInt8]
  /// The whole body when it has more than ``DaemonConfiguration/spoolThresholdBytes``.
  public var bodyFile: BodyFile?
  /// The client's `X-Request-Id` if that is usable, else one made by the daemon.
  public var id: String
  /// The decoded segments that the route's parameters stand for, by name; none are empty.
  public var pathParameters: [String: String] = [:]
  /// The path of the route as it was added to the ``HTTPRouter``: one of a few, unlike the target.
  public var route: String?
  /// The client's numeric address, empty when there is none.
  public var peer = ""
  /// Whether it came over TLS.
  public var isSecure = false

  /// Describes a request, for instance to call a handler without a daemon.
  public init(
    method: String, target: RequestTarget, headers: HTTPHeaders = [:], body: [UInt8] = [],
    id: String = ""
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.id = id
  }
}

/// The bytes that a request's body may have, nil for ``DaemonConfiguration/maximumBodyBytes``.
///
/// Asked on the network thread when the header fields are complete: it must answer at once.
public typealias HTTPBodyLimit = @Sendable (_ method: String, _ target: RequestTarget) -> Int?

/// Answers one request.
///
/// It runs in a task of its own. The task is cancelled when the client resets the connection or the
/// daemon's drain deadline passes; its answer is then dropped or sent if the client still listens.
public typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

/// Answers one request on the network thread, nil to leave it to the ``HTTPHandler``.
///
/// Every connection waits meanwhile: only for answers that are ready in microseconds, such as
/// liveness, which must come even when all handlers are busy. Admission does not apply. Requests with
/// a body are not asked for.
public typealias ImmediateHTTPHandler = @Sendable (HTTPRequest) -> HTTPResponse?
