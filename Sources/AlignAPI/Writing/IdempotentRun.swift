package import Postgres

/// Work of several transactions under an idempotency key: each leaves its part of the answer, so that
/// a run that was cut off goes on behind the last one.
///
/// Holds the key's lock on a connection of its own until it is released.
package final class IdempotentRun: Sendable {
  package let key: IdempotencyKey
  private let lock: Connection
  /// Parts that are there.
  package let parts: Int
  /// Lines of the request that they answer.
  package let lines: Int
  /// Whether all is done.
  package let isFinished: Bool

  /// Begins, or finds how far it has come; blocks.
  ///
  /// Throws ``IdempotencyError``, `PostgresError`.
  package init(_ key: IdempotencyKey, operation: String, _ settings: ConnectionSettings) throws {
    let connection = try Connection(settings)
    guard try connection.tryLockAdvisory(key.lock) else { throw IdempotencyError.inFlight }
    let answers = IdempotentAnswers(connection)
    let found = try answers.find(key)
    if found == nil {
      try connection.transaction {
        try answers.put(key, operation, status: nil, KeptAnswer(status: 200).headersText, nil)
      }
    }
    let row = try connection.query(
      """
      select count(*), coalesce(sum(lines), 0)::bigint from idempotent_answer_parts
      where actor = \(key.actor) and idempotency_key = \(key.text)
      """
    ).single()
    self.key = key
    lock = connection
    parts = try row.value(at: 0)
    lines = try row.value(at: 1)
    isFinished = found?.status != nil
  }

  /// One part of the answer, from 1; blocks.
  package func part(_ number: Int, _ connection: Connection) throws -> [UInt8] {
    try connection.query(
      """
      select body from idempotent_answer_parts where actor = \(key.actor)
        and idempotency_key = \(key.text) and number = \(Int32(number))
      """
    ).single().value(at: 0)
  }

  /// Adds a part; in the transaction whose work it answers.
  package func append(
    _ body: [UInt8], number: Int, lines: Int, _ connection: Connection
  ) throws {
    try connection.execute(
      """
      insert into idempotent_answer_parts (actor, idempotency_key, number, lines, body)
      values (\(key.actor), \(key.text), \(Int32(number)), \(lines), \(body))
      """)
  }

  /// Says that all is done.
  package func finish(_ connection: Connection) throws {
    try connection.execute(
      """
      update idempotent_answers set status = 200
      where actor = \(key.actor) and idempotency_key = \(key.text)
      """)
  }
}
