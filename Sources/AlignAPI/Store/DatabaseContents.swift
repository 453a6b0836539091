package import Postgres

/// What a database holds as a whole.
package enum DatabaseContents {
  /// Tables and functions that migrations make, whichever version.
  static let ownObjects = [
    "api_key_usage", "api_keys", "audit_log", "changes", "corpora", "database_epoch", "embeddings",
    "idempotent_answer_parts", "idempotent_answers", "index_chunks", "index_jobs", "index_rejects",
    "index_runs", "item_numbers", "item_sources", "items", "models", "schema_migrations",
    "vector_tables", "add_embedding_partitions", "half_values", "property_number",
    "property_numbers", "record_change", "refuse_audit_change", "text_words",
  ]

  /// Whether its schema has Ligature's tables and nothing else, with neither a model, a corpus, a
  /// key nor an entry of the audit log in them: whether nothing is lost when it is replaced.
  package static func isUnused(_ connection: Connection) throws -> Bool {
    let areThere: Bool = try connection.query(
      "select to_regclass('models') is not null and to_regclass('corpora') is not null"
    ).single().value(at: 0)
    guard areThere, try foreignObjects(connection).isEmpty else { return false }
    for table in ["models", "corpora", "api_keys", "audit_log"] {
      let isThere: Bool = try connection.query(
        "select to_regclass(\(table)) is not null"
      ).single().value(at: 0)
      guard isThere else { continue }
      let isEmpty: Bool = try connection.query(
        "select not exists (select from \(identifier: table))"
      ).single().value(at: 0)
      if !isEmpty { return false }
    }
    return true
  }

  /// Names of tables, views, sequences and functions in the schema that no migration makes, but for
  /// those of extensions.
  static func foreignObjects(_ connection: Connection) throws -> [String] {
    try connection.query(
      """
      select found.name from (
        select 'pg_class'::regclass as kind, oid, relname::text as name from pg_class
        where relnamespace = current_schema()::regnamespace and not relispartition
          and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        union all
        select 'pg_proc'::regclass, oid, proname::text from pg_proc
        where pronamespace = current_schema()::regnamespace
      ) found
      where found.name <> all(\(ownObjects)) and not exists (
        select from pg_depend d where d.classid = found.kind and d.objid = found.oid
          and (d.deptype = 'e' or found.kind = 'pg_class'::regclass and d.deptype in ('a', 'i')
            and d.refclassid = 'pg_class'::regclass))
      order by found.name
      """
    ).map { try $0.value(at: 0) }
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
