package import Digest
package import Postgres

/// What tells a request that is repeated (draft-ietf-httpapi-idempotency-key-header-07 §2).
package struct IdempotencyKey: Sendable, Equatable {
  /// Who asks; keys of others are others.
  package let actor: String
  /// As the client made it, 1 to 255 bytes.
  package let text: String
  /// Of everything that was asked.
  package let requestHash: SHA256Digest

  package init(actor: String, text: String, requestHash: SHA256Digest) {
    self.actor = actor
    self.text = text
    self.requestHash = requestHash
  }

  /// The number of the advisory lock that whoever works on the request holds.
  package var lock: Int64 {
    let digest = SHA256Digest.of(utf8: "idempotency\0\(actor)\0\(text)")
    return Int64(bitPattern: digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

/// Why a request with a key is not worked on.
package enum IdempotencyError: Error, Sendable, Equatable {
  /// The key was used for another request.
  case otherRequest
  /// The same request is being worked on.
  case inFlight
}

/// The table of answers that are kept for a day.
package struct IdempotentAnswers {
  /// Hours for which an answer is kept.
  package static let hours: Int32 = 24

  let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// Begins the work on a request; returns the answer when it was done before.
  ///
  /// The first statement of the transaction that does it: the lock lasts until its end. Throws
  /// ``IdempotencyError``.
  package func begin(_ key: IdempotencyKey) throws -> KeptAnswer? {
    let isFree: Bool = try connection.query(
      "select pg_try_advisory_xact_lock(\(key.lock))"
    ).single().value(at: 0)
    guard isFree else { throw IdempotencyError.inFlight }
    guard let found = try find(key), let status = found.status else { return nil }
    return KeptAnswer(status: status, headers: found.headers, body: found.body)
  }

  /// What is kept under a key.
  struct Found {
    /// Nil while the work is not finished.
    let status: Int?
    let headers: [KeptAnswer.Header]
    let body: [UInt8]
  }

  /// What is kept for the request; throws `.otherRequest` when the key is another one's.
  func find(_ key: IdempotencyKey) throws -> Found? {
    let rows = try connection.query(
      """
      select request_hash, status, headers, coalesce(body, '') from idempotent_answers
      where actor = \(key.actor) and idempotency_key = \(key.text)
        and created_at > clock_timestamp() - make_interval(hours => \(Self.hours))
      """)
    guard let row = rows.first else { return nil }
    guard try row.value(at: 0, as: [UInt8].self) == key.requestHash.bytes else {
      throw IdempotencyError.otherRequest
    }
    return Found(
      status: try row.value(at: 1, as: Int32?.self).map { Int($0) },
      headers: try KeptAnswer.headers(row.value(at: 2)), body: try row.value(at: 3))
  }

  /// Keeps the answer with the work itself, as part of its transaction; old answers go.
  package func keep(_ answer: KeptAnswer, of operation: String, for key: IdempotencyKey) throws {
    try put(key, operation, status: Int32(answer.status), answer.headersText, answer.body)
    try prune()
  }

  func put(
    _ key: IdempotencyKey, _ operation: String, status: Int32?, _ headers: JSONText,
    _ body: [UInt8]?
  ) throws {
    // One that is there is older than a day, and its parts with it.
    try connection.execute(
      """
      delete from idempotent_answers
      where actor = \(key.actor) and idempotency_key = \(key.text)
      """)
    try connection.execute(
      """
      insert into idempotent_answers
        (actor, idempotency_key, operation, request_hash, status, headers, body)
      values (\(key.actor), \(key.text), \(operation), \(key.requestHash.bytes), \(status),
        \(headers), \(body))
      """)
  }

  /// Forgets some answers that are older than a day; nobody waits for anybody.
  private func prune() throws {
    try connection.execute(
      """
      delete from idempotent_answers where ctid = any(array(
        select ctid from idempotent_answers
        where created_at < clock_timestamp() - make_interval(hours => \(Self.hours))
        order by created_at limit 100 for update skip locked))
      """)
  }
}
