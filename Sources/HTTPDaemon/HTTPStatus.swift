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
  /// 201.
  public static let created = HTTPStatus(rawValue: 201)
  /// 202.
  public static let accepted = HTTPStatus(rawValue: 202)
  /// 204.
  public static let noContent = HTTPStatus(rawValue: 204)
  /// 304.
  public static let notModified = HTTPStatus(rawValue: 304)
  /// 400.
  public static let badRequest = HTTPStatus(rawValue: 400)
  /// 401.
  public static let unauthorized = HTTPStatus(rawValue: 401)
  /// 403.
  public static let forbidden = HTTPStatus(rawValue: 403)
  /// 404.
  public static let notFound = HTTPStatus(rawValue: 404)
  /// 405.
  public static let methodNotAllowed = HTTPStatus(rawValue: 405)
  /// 409.
  public static let conflict = HTTPStatus(rawValue: 409)
  /// 412.
  public static let preconditionFailed = HTTPStatus(rawValue: 412)
  /// 413.
  public static let contentTooLarge = HTTPStatus(rawValue: 413)
  /// 414.
  public static let uriTooLong = HTTPStatus(rawValue: 414)
  /// 415.
  public static let unsupportedMediaType = HTTPStatus(rawValue: 415)
  /// 422.
  public static let unprocessableContent = HTTPStatus(rawValue: 422)
  /// 429.
  public static let tooManyRequests = HTTPStatus(rawValue: 429)
  /// 431.
  public static let headersTooLarge = HTTPStatus(rawValue: 431)
  /// 500.
  public static let internalServerError = HTTPStatus(rawValue: 500)
  /// 501.
  public static let notImplemented = HTTPStatus(rawValue: 501)
  /// 503.
  public static let serviceUnavailable = HTTPStatus(rawValue: 503)
  /// 507.
  public static let insufficientStorage = HTTPStatus(rawValue: 507)

  /// Whether a response with this status can have a body (RFC 9110 §6.4.1).
  var allowsBody: Bool { rawValue >= 200 && rawValue != 204 && rawValue != 304 }

  /// The phrase of RFC 9110, 6585 or 4918, or "Status" and the code for one it does not name here.
  public var reason: String {
    switch rawValue {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 507: "Insufficient Storage"
    default: "Status \(rawValue)"
    }
  }
}
