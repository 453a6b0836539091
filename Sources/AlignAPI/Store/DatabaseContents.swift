package import Postgres

/// What a database holds as a whole.
package enum DatabaseContents {
  /// Whether it has Ligature's tables and neither a model nor a corpus in them.
  package static func isUnused(_ connection: Connection) throws -> Bool {
    let areThere: Bool = try connection.query(
      "select to_regclass('models') is not null and to_regclass('corpora') is not null"
    ).single().value(at: 0)
    guard areThere else { return false }
    return try connection.query(
      "select not exists (select from models) and not exists (select from corpora)"
    ).single().value(at: 0)
  }

  /// Statements that end a restore: its versions are not comparable with those that servers have.
  ///
  /// A backup of an older version gets its epoch when it is migrated.
  package static let newEpoch = """
    do $$ begin
      if to_regclass('database_epoch') is not null then
        update database_epoch set epoch = gen_random_uuid();
      end if;
    end $$;
    """

  /// How many jobs of indexing are in each state, those that are at work first.
  package static func jobs(_ connection: Connection) throws -> [(state: String, count: Int)] {
    try connection.query(
      """
      select state, count(*) from index_jobs group by state
      order by array_position(array['reading', 'working', 'failed', 'cancelled', 'done'], state)
      """
    ).map { (try $0.value(at: 0), try $0.value(at: 1)) }
  }
}
