import Postgres

/// A table of pgvector's has a row for each embedding of its model and no other, and its trigger.
///
/// Tables whose making was broken off are left to `ligature db vectors enable`.
struct VectorTableCheck: IntegrityCheck {
  let name = "embeddings that differ from the rows of pgvector's table"

  func find(_ connection: Connection) throws -> CheckFinding {
    var finding = CheckFinding()
    for table in try VectorTable.all(connection) where table.measured != nil {
      let model = table.model.name
      guard try Self.isThere(table, connection) else {
        finding.add("model \(model) has no table")
        continue
      }
      if try !table.isFollowed(connection) { finding.add("model \(model) is not followed") }
      for (rows, words) in [(table.missing, "missing"), (table.surplus, "without embedding")] {
        try connection.forEachRow(rows) { row in
          let item: Int64 = try row.value(at: 0)
          finding.add("item \(item), model \(model), \(words)")
        }
      }
    }
    return finding
  }

  /// A table that is gone is forgotten, so that it can be made anew.
  func repair(_ connection: Connection, batch: Int) throws {
    for table in try VectorTable.all(connection) where table.measured != nil {
      guard try Self.isThere(table, connection) else {
        try table.drop(connection)
        continue
      }
      // First, so that nothing is missed from here on.
      if try !table.isFollowed(connection) {
        try connection.transaction { try table.follow(connection) }
      }
      var last: (item: Int64, modality: Int16) = (.min, 0)
      while let page = try table.fill(behind: last, limit: batch, connection) { last = page.last }
      while try table.deleteSurplus(limit: batch, connection) > 0 {}
    }
  }

  private static func isThere(
    _ table: VectorTable, _ connection: Connection
  ) throws(PostgresError) -> Bool {
    try connection.query("select to_regclass(\(table.name)) is not null").single().value(at: 0)
  }
}
