import AlignAPI
import Digest
import HTTPDaemon
import Postgres

/// A request that writes: who asks for what, and under which idempotency key.
struct WriteContext: Sendable {
  let actor: Actor
  /// The operation's id.
  let operation: String
  let requestID: String
  /// Nil where the client sent none.
  let key: IdempotencyKey?

  /// Longest key, in bytes.
  static let longestKey = 255

  /// The header's parameter in descriptions.
  static let parameter = Operation.Parameter(
    name: "Idempotency-Key", place: .header, schema: .string(1...longestKey),
    text: """
      Made by the client, for one request alone: sent again within 24 hours it is answered as the \
      first time and not done again.
      """)

  /// Throws ``APIError`` `.invalid` for a key that is none.
  init(_ request: HTTPRequest, operation: String) throws {
    actor = .current
    self.operation = operation
    requestID = request.id
    let fields = request.headers.values(of: "Idempotency-Key")
    guard let field = fields.first else {
      key = nil
      return
    }
    guard fields.count == 1, let text = Self.key(field) else {
      throw APIError.invalid([
        .init(
          field: "Idempotency-Key",
          detail: "expected one string of 1 to \(Self.longestKey) visible ASCII characters")
      ])
    }
    var asked = SHA256Hasher()
    for part in [
      operation, request.target.rawPath, request.headers["Content-Type"] ?? "",
      request.headers["If-Match"] ?? "", request.headers["If-None-Match"] ?? "",
    ] {
      asked.update(Array(part.utf8) + [0])
    }
    for parameter in request.target.query {
      asked.update(Array("\(parameter.name)\0\(parameter.value)\0".utf8))
    }
    let body =
      try request.bodyFile.map { try SHA256Digest.ofFile(at: $0.path) }
      ?? SHA256Digest.of(bytes: request.body)
    asked.update(body.bytes)
    key = IdempotencyKey(actor: actor.name, text: text, requestHash: asked.finalize())
  }

  /// The string of a field: quoted as RFC 9651 §3.3.3 says, or bare.
  private static func key(_ field: String) -> String? {
    var text = field[...]
    if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
    guard (1...longestKey).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") })
    else { return nil }
    return String(text)
  }

  /// An entry of the audit log.
  func entry(_ action: String, _ target: String, _ detail: JSONText = JSONText("{}")) -> AuditEntry
  {
    AuditEntry(
      actor: actor.name, action: action, target: target, requestID: requestID, detail: detail)
  }

  /// The first work of a transaction: the answer when the request was done before.
  func replayed(_ connection: Connection) throws -> HTTPResponse? {
    guard let key, let answer = try IdempotentAnswers(connection).begin(key) else { return nil }
    var response = HTTPResponse(answer)
    response.headers["Idempotency-Replayed"] = "true"
    return response
  }

  /// The last work of a transaction: keeps the answer with what was done, and returns it.
  func kept(_ answer: KeptAnswer, _ connection: Connection) throws -> HTTPResponse {
    if let key { try IdempotentAnswers(connection).keep(answer, of: operation, for: key) }
    return HTTPResponse(answer)
  }
}

extension HTTPResponse {
  init(_ answer: KeptAnswer) {
    self.init(status: HTTPStatus(rawValue: answer.status), body: answer.body)
    for header in answer.headers { headers.add(header.name, header.value) }
  }
}

extension KeptAnswer {
  /// A JSON body.
  init(status: HTTPStatus = .ok, headers: [Header] = [], json: [UInt8]) {
    self.init(
      status: status.rawValue, headers: [Header("Content-Type", "application/json")] + headers,
      body: json)
  }
}

extension SearchService {
  /// Does a write in one transaction, or answers as when it was done before.
  func write(
    _ request: HTTPRequest, _ operation: String,
    _ work: @escaping @Sendable (Connection, WriteContext) throws -> KeptAnswer
  ) async throws -> HTTPResponse {
    let database = try model().database
    let context = try WriteContext(request, operation: operation)
    return try await database.writing.withConnection { connection in
      try connection.transaction {
        if let response = try context.replayed(connection) { return response }
        return try context.kept(work(connection, context), connection)
      }
    }
  }
}
