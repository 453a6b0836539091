import Glibc

extension DatabaseBackup {
  /// Restores a backup in one transaction: all of it, or nothing is changed.
  ///
  /// A database that holds tables is refused unless `replacing` says that they go. Throws
  /// ``BackupError``, ``ClusterError`` and ``PostgresError``.
  package func restore(
    from path: String, replacing: Bool, shouldStop: @escaping () -> Bool = { false }
  ) throws {
    guard unsafe access(path, R_OK) == 0 else { throw Self.fileError(path, "reading") }
    try check(path, shownAs: path, shouldStop)
    let tables = try tableCount()
    guard tables == 0 || replacing else {
      throw BackupError.notEmpty(database: settings.database ?? "", tables: tables)
    }
    try run(
      "pg_restore",
      [
        "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
        "--no-password", "--dbname=\(settings.keywordString)",
      ] + (tables > 0 ? ["--clean", "--if-exists"] : []) + [path], shouldStop)
  }

  /// Tables outside PostgreSQL's own schemas; partitions count with their parent.
  private func tableCount() throws(PostgresError) -> Int {
    try Connection(settings).query(
      """
      select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and not relispartition
        and nspname !~ '^pg_' and nspname <> 'information_schema'
      """
    ).single().value(at: 0)
  }
}
