package import Postgres

/// What someone did to the database or to its keys.
package struct AuditEntry: Sendable, Equatable {
  /// The name of an API key, "anonymous", or "command line".
  package var actor: String
  /// A dotted word: "item.put".
  package var action: String
  /// What it was done to: "corpus/source id".
  package var target: String
  /// The request's id; nil for the command line.
  package var requestID: String?
  /// A JSON object of numbers and names; never of texts or SMILES.
  package var detail: JSONText

  package init(
    actor: String, action: String, target: String, requestID: String? = nil,
    detail: JSONText = JSONText("{}")
  ) {
    self.actor = actor
    self.action = action
    self.target = target
    self.requestID = requestID
    self.detail = detail
  }
}

/// One row of the audit log.
package struct AuditRecord: Sendable, Equatable {
  package let id: Int64
  package let moment: Timestamp
  package let entry: AuditEntry
}

/// The table of what was done, which is only added to.
package struct AuditLog {
  /// The actor of commands.
  package static let commandLine = "command line"

  private let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// Adds an entry; part of the transaction that does what it says.
  package func record(_ entry: AuditEntry) throws(PostgresError) {
    try connection.execute(
      """
      insert into audit_log (actor, action, target, request_id, detail)
      values (\(entry.actor), \(entry.action), \(entry.target), \(entry.requestID),
        \(entry.detail))
      """)
  }

  /// The newest entries from a moment on, at most `limit`, the oldest first.
  package func records(since: Timestamp?, limit: Int) throws -> [AuditRecord] {
    let start = since ?? Timestamp(microsecondsSince1970: 0)
    return try connection.query(
      """
      select id, at, actor, action, target, request_id, detail from audit_log
      where at >= \(start) order by id desc limit \(limit)
      """
    ).map { row in
      AuditRecord(
        id: try row.value(at: 0), moment: try row.value(at: 1),
        entry: AuditEntry(
          actor: try row.value(at: 2), action: try row.value(at: 3), target: try row.value(at: 4),
          requestID: try row.value(at: 5), detail: try row.value(at: 6)))
    }.reversed()
  }
}
