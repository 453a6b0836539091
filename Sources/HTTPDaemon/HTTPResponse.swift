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
  public var body: [UInt8]
  /// The route that answered, set by ``HTTPRouter``, for observers and never sent.
  public var route: String?

  /// Describes a response.
  public init(status: HTTPStatus, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A body with its media type.
  public init(status: HTTPStatus = .ok, contentType: String, body: [UInt8]) {
    self.init(status: status, headers: ["Content-Type": contentType], body: body)
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
