import Postgres

/// The change log of a corpus ends at its version and has no gaps; its beginning may be pruned.
///
/// A server would otherwise miss changes. What stands before a gap is deleted, so that servers that
/// are behind it load the corpus anew.
struct ChangeLogCheck: IntegrityCheck {
  let name = "corpora whose change log has gaps"

  private static let rows: SQLStatement = """
    select c.id, c.name from corpora c join changes g on g.corpus_id = c.id
    group by c.id, c.name, c.version
    having max(g.version) <> c.version or max(g.version) - min(g.version) + 1 <> count(*)
    order by c.name
    """

  func find(_ connection: Connection) throws -> CheckFinding {
    var finding = CheckFinding()
    try connection.forEachRow(Self.rows) { row in
      let name: String = try row.value(at: 1)
      finding.add(name)
    }
    return finding
  }

  func repair(_ connection: Connection, batch: Int) throws {
    for corpus in try connection.query(Self.rows).map({ try $0.value(at: 0, as: Int64.self) }) {
      try connection.transaction {
        // Nobody adds a version meanwhile.
        let version: Int64 = try connection.query(
          "select version from corpora where id = \(corpus) for update"
        ).single().value(at: 0)
        let last: Int64 = try connection.query(
          "select coalesce(max(version), 0) from changes where corpus_id = \(corpus)"
        ).single().value(at: 0)
        if last > version {
          // Versions that servers have seen are not given again.
          try connection.execute("update corpora set version = \(last) where id = \(corpus)")
        }
        try connection.execute(
          """
          delete from changes where corpus_id = \(corpus) and version <= (
            select case when \(last) < \(version) then \(last)
              else coalesce(max(g.version) filter (where not exists (
                select from changes n where n.corpus_id = \(corpus) and n.version = g.version + 1)
                and g.version < \(last)), 0) end
            from changes g where g.corpus_id = \(corpus))
          """)
      }
    }
  }
}
