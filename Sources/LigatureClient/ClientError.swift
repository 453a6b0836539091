public import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Why a request brought no result.
public enum ClientError: Error, Sendable {
  /// The server says what is wrong (RFC 9457).
  case problem(Problem)
  /// No whole answer came: refused, reset, not resolved, too late.
  case connection(String)
  /// An answer that the API does not give.
  case unexpected(String)
}

/// Problem details (RFC 9457).
public struct Problem: Sendable, Equatable {
  /// One wrong part of a request.
  public struct Field: Sendable, Equatable, Decodable {
    /// Which part.
    public let field: String
    /// What is wrong, in words.
    public let detail: String
    /// UTF-8 bytes from the start of the field.
    public let offset: Int?
  }

  /// What became of it.
  public let status: Int
  /// The status in words.
  public let title: String
  /// What is wrong, in words.
  public let detail: String
  /// Each wrong part.
  public let errors: [Field]
  /// The X-Request-Id under which the server's log has the request.
  public let requestID: String?
  /// Seconds after which the server wants to be asked again.
  public let retryAfter: TimeInterval?

  private struct Body: Decodable {
    let title: String?
    let detail: String?
    let errors: [Field]?
  }

  /// Reads an answer with a status of 400 or more, whatever its body is.
  init(_ response: HTTPURLResponse, body: Data) {
    let read = try? JSONDecoder().decode(Body.self, from: body)
    status = response.statusCode
    title = read?.title ?? HTTPURLResponse.localizedString(forStatusCode: response.statusCode)
    detail = read?.detail ?? ""
    errors = read?.errors ?? []
    requestID = response.value(forHTTPHeaderField: "X-Request-Id")
    retryAfter = response.value(forHTTPHeaderField: "Retry-After").flatMap(TimeInterval.init)
  }
}
