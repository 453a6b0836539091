/// One response; the daemon adds `Date`, `Server`, `X-Request-Id` and the framing fields.
///
/// `Content-Length`, `Transfer-Encoding` and `Connection` in `headers` are ignored: the daemon
/// owns the framing. Fields with an empty value are not sent.
public struct HTTPResponse: Sendable, Equatable {
  /// The status code.
  public var status: HTTPStatus
  /// The header fields.
  public var headers: HTTPHeaders
  /// The body; not sent to HEAD, nor with 204 and 304.
  public var body: HTTPBody
  /// The route that answered, set by ``HTTPRouter``, for observers and never sent.
  public var route: String?

  /// Describes a response with any kind of body.
  public init(status: HTTPStatus, headers: HTTPHeaders = [:], body: HTTPBody) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Describes a response with a whole body.
  public init(status: HTTPStatus, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.init(status: status, headers: headers, body: .bytes(body))
  }

  /// A body with its media type.
  public init(status: HTTPStatus = .ok, contentType: String, body: [UInt8]) {
    self.init(status: status, headers: ["Content-Type": contentType], body: .bytes(body))
  }

  /// A streamed body with its media type.
  public init(status: HTTPStatus = .ok, contentType: String, stream: HTTPStream) {
    self.init(status: status, headers: ["Content-Type": contentType], body: .stream(stream))
  }

  /// The whole body, empty for a stream; setting replaces either.
  public var bytes: [UInt8] {
    get { if case .bytes(let bytes) = body { bytes } else { [] } }
    set { body = .bytes(newValue) }
  }
}

extension HTTPResponse {
  /// Replaces a response whose header fields cannot be sent.
  static var unsendable: HTTPResponse {
    ProblemDetails(
      status: .internalServerError, detail: "The answer had a header that cannot be sent."
    )
    .response()
  }
}
