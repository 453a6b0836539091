public import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Ligature's HTTP API at one address: every operation is a method of its operationId's name.
///
/// Requests that fail for the moment (429, 503, a lost connection) are sent again as ``RetryPolicy`` says.
/// Writes carry an idempotency key, a new one unless it is given, so that they are done once. All methods
/// throw ``ClientError``.
public struct Client: Sendable {
  let address: URL
  let key: String?
  let timeout: TimeInterval
  let retries: RetryPolicy
  let transport: Transport

  /// `address` is `http://host:port` or `https://…`; `key` an API key; `timeout` seconds without a byte.
  public init(
    _ address: URL, key: String? = nil, timeout: TimeInterval = 30,
    retries: RetryPolicy = RetryPolicy()
  ) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout
    configuration.httpMaximumConnectionsPerHost = 16
    self.init(
      address, key: key, timeout: timeout, retries: retries,
      transport: .session(configuration))
  }

  init(
    _ address: URL, key: String?, timeout: TimeInterval, retries: RetryPolicy, transport: Transport
  ) {
    self.address = address
    self.key = key
    self.timeout = timeout
    self.retries = retries
    self.transport = transport
  }

  /// What one operation sends; values that are nil are left out.
  struct Call {
    var operation: ClientOperation
    var path: [String: String] = [:]
    var query: [(String, String?)] = []
    var headers: [(String, String?)] = []
    var body: Data?
    var contentType = "application/json"
  }

  static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    return encoder
  }()

  static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }()

  /// The call as a request.
  func request(_ call: Call) throws -> URLRequest {
    var path = call.operation.route.path
    for (name, value) in call.path { path = path.replacing("{\(name)}", with: Self.escaped(value)) }
    let query = call.query.compactMap { name, value in value.map { "\(name)=\(Self.escaped($0))" } }
    let base = address.absoluteString
    let target =
      (base.hasSuffix("/") ? String(base.dropLast()) : base) + path
      + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    guard let url = URL(string: target) else {
      throw ClientError.unexpected("'\(target)' is no address")
    }
    var request = URLRequest(url: url, timeoutInterval: timeout)
    request.httpMethod = call.operation.route.method
    if let body = call.body {
      request.httpBody = body
      request.setValue(call.contentType, forHTTPHeaderField: "Content-Type")
    }
    for (name, value) in call.headers { request.setValue(value, forHTTPHeaderField: name) }
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    return request
  }

  /// Everything but unreserved characters (RFC 3986 §2.3) in percent encoding.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      let isPlain =
        character.isASCII
        && (character.isLetter || character.isNumber || "-._~".contains(character))
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + digits
    }.joined()
  }
}
