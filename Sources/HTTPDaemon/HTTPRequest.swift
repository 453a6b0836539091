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

/// What is decided of a request by its header fields, before its body is read.
///
/// Asked on the network thread: it must answer at once.
public typealias HTTPAdmission = @Sendable (HTTPRequest) -> BodyAdmission

/// Whether a body is read, and how much of it.
public struct BodyAdmission: Sendable {
  /// Answered at once in place of reading the body.
  public var refusal: HTTPResponse?
  /// Bytes that the body may have; nil for ``DaemonConfiguration/maximumBodyBytes``.
  public var limit: Int?
  /// Asked, and waited for, before a body gets room on disk or is inflated to more than fits into memory; an
  /// answer is sent in place of going on.
  public var check: (@Sendable () async -> HTTPResponse?)?

  /// Admits a body of the usual size, unless said otherwise.
  public init(
    refusal: HTTPResponse? = nil, limit: Int? = nil,
    check: (@Sendable () async -> HTTPResponse?)? = nil
  ) {
    self.refusal = refusal
    self.limit = limit
    self.check = check
  }
}

/// Answers one request.
///
/// It runs in a task of its own. The task is cancelled when the client closes or resets the connection,
/// or the daemon's drain deadline passes; its answer is then dropped or sent if the client still listens.
public typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

/// Answers one request on the network thread, nil to leave it to the ``HTTPHandler``.
///
/// Every connection waits meanwhile: only for answers that are ready in microseconds, such as
/// liveness, which must come even when all handlers are busy. Admission does not apply. Requests with
/// a body are not asked for.
public typealias ImmediateHTTPHandler = @Sendable (HTTPRequest) -> HTTPResponse?
