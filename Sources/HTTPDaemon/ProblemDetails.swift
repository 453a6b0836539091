import FoundationEssentials

/// An error body, `application/problem+json` (RFC 9457 §3.1).
public struct ProblemDetails: Codable, Sendable, Equatable {
  /// One wrong part of the request; the extension member `errors` lists them.
  public struct Item: Codable, Sendable, Equatable {
    /// Where: a JSON member, query parameter or header name.
    public var field: String
    /// UTF-8 bytes from the start of the field's text, when that is known.
    public var offset: Int?
    /// What is wrong with it and what was expected.
    public var detail: String

    /// Describes one wrong part.
    public init(field: String, offset: Int? = nil, detail: String) {
      self.field = field
      self.offset = offset
      self.detail = detail
    }
  }

  /// "about:blank": the status says what kind of problem it is (RFC 9457 §4.2.1).
  public private(set) var type = "about:blank"
  /// A short summary of the kind.
  public var title: String
  /// The status code, repeated in the body.
  public var status: Int
  /// What happened this time.
  public var detail: String?
  /// The wrong parts of the request.
  public var errors: [Item]?
  /// Seconds after which the same request may succeed, as in `Retry-After`; `retry_after` in JSON.
  public var retryAfter: Int?

  private enum CodingKeys: String, CodingKey {
    case type, title, status, detail, errors
    case retryAfter = "retry_after"
  }

  /// Describes a problem; its title is the status's own phrase.
  public init(status: HTTPStatus, detail: String? = nil, errors: [Item]? = nil) {
    title = status.reason
    self.status = status.rawValue
    self.detail = detail
    self.errors = errors
  }

  /// The problem as a response with its own status.
  public func response(headers: HTTPHeaders = [:]) -> HTTPResponse {
    var response = HTTPResponse(
      status: HTTPStatus(rawValue: status), headers: headers, body: encoded())
    response.headers["Content-Type"] = "application/problem+json"
    return response
  }

  /// The JSON text, members in alphabetical order.
  public func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(self))
    } catch {
      preconditionFailure("strings and integers always encode: \(error)")
    }
  }
}
