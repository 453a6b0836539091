/// A response status code (RFC 9110 §15), 100...599.
public struct HTTPStatus: RawRepresentable, Hashable, Sendable {
  /// The three-digit code.
  public let rawValue: Int

  /// Wraps a code; one outside 100...599 is a programming mistake and traps.
  public init(rawValue: Int) {
    precondition((100...599).contains(rawValue), "status \(rawValue) is outside 100...599")
    self.rawValue = rawValue
  }

  /// 200.
  public static let ok = HTTPStatus(rawValue: 200)
  /// 204.
  public static let noContent = HTTPStatus(rawValue: 204)
  /// 400.
  public static let badRequest = HTTPStatus(rawValue: 400)
  /// 404.
  public static let notFound = HTTPStatus(rawValue: 404)
  /// 405.
  public static let methodNotAllowed = HTTPStatus(rawValue: 405)
  /// 413.
  public static let contentTooLarge = HTTPStatus(rawValue: 413)
  /// 415.
  public static let unsupportedMediaType = HTTPStatus(rawValue: 415)
  /// 422.
  public static let unprocessableContent = HTTPStatus(rawValue: 422)
  /// 500.
  public static let internalServerError = HTTPStatus(rawValue: 500)
  /// 503.
  public static let serviceUnavailable = HTTPStatus(rawValue: 503)

  /// Whether a response with this status can have a body (RFC 9110 §6.4.1).
  var allowsBody: Bool { rawValue >= 200 && rawValue != 204 && rawValue != 304 }

  /// The phrase of RFC 9110, or "Status" and the code for one it does not name here.
  public var reason: String {
    switch rawValue {
    case 200: "OK"
    case 204: "No Content"
    case 400: "Bad Request"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    default: "Status \(rawValue)"
    }
  }
}
