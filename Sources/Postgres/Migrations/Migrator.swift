/// Brings a database forward to the form that numbered SQL files describe; never back.
package struct Migrator: Sendable {
  package let migrations: [Migration]

  /// The advisory lock that migrating processes take turns by: "ligature" in ASCII.
  static let lockKey: Int64 = 0x6c69_6761_7475_7265

  /// Takes the migrations of a folder; throws ``MigrationError``.
  package init(folder: String) throws(MigrationError) {
    migrations = try Migration.readAll(in: folder)
  }

  /// A migration and when it was applied, nil while it is pending.
  package struct Status: Sendable, Equatable {
    package let version: Int32
    package let name: String
    package let appliedAt: Timestamp?
  }

  /// Lists applied and pending migrations in order; changes nothing.
  ///
  /// Throws ``MigrationError`` when files and record contradict each other.
  package func status(_ connection: Connection) throws -> [Status] {
    let applied = try appliedTimes(connection)
    return migrations.enumerated().map { place, migration in
      Status(
        version: migration.version, name: migration.name,
        appliedAt: place < applied.count ? applied[place] : nil)
    }
  }

  /// Applies what is pending, each file in a transaction of its own, and returns what it applied.
  ///
  /// Processes that call this at the same time take turns. Throws ``MigrationError``; files before
  /// the one that failed stay applied.
  @discardableResult
  package func migrate(_ connection: Connection) throws -> [Migration] {
    try connection.withAdvisoryLock(Self.lockKey) {
      try makeRecord(connection)
      let pending = Array(migrations.dropFirst(try appliedTimes(connection).count))
      for migration in pending { try apply(migration, connection) }
      return pending
    }
  }

  private func makeRecord(_ connection: Connection) throws {
    guard try !recordExists(connection) else { return }
    try connection.execute(
      unsafeScript: """
        create table schema_migrations (
          version     integer primary key check (version > 0),
          name        text not null,
          checksum    text not null,
          applied_at  timestamptz not null default now()
        );
        comment on table schema_migrations is
          'The migrations applied to this database; checksum is the SHA-256 of the file.';
        """)
  }

  private func recordExists(_ connection: Connection) throws -> Bool {
    try connection.query("select to_regclass('schema_migrations') is not null").single()
      .value(at: 0)
  }

  /// Checks the record against the files; returns when each was applied, in order.
  private func appliedTimes(_ connection: Connection) throws -> [Timestamp] {
    guard try recordExists(connection) else { return [] }
    let rows = try connection.query(
      "select version, name, checksum, applied_at from schema_migrations order by version")
    if let last = try rows.last?.value("version", as: Int32.self), last > migrations.count {
      throw MigrationError.databaseIsNewer(database: last, files: Int32(migrations.count))
    }
    return try zip(rows, migrations).map { row, migration in
      guard try row.value("version") == migration.version else {
        throw MigrationError.recordHasGap(missing: migration.version)
      }
      let name: String = try row.value("name")
      let checksum: String = try row.value("checksum")
      let current: String = try connection.query(
        "select encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex')"
      ).single().value(at: 0)
      guard name == migration.name, checksum == current else {
        throw MigrationError.changed(
          file: migration.fileName, applied: Migration.fileName(migration.version, name))
      }
      return try row.value("applied_at")
    }
  }

  private func apply(_ migration: Migration, _ connection: Connection) throws {
    try connection.transaction {
      do throws(PostgresError) {
        try connection.execute(unsafeScript: migration.sql)
      } catch {
        throw MigrationError.failed(
          file: migration.fileName, line: error.position.map { migration.line(ofCharacter: $0) },
          error: error)
      }
      guard connection.transactionState == .open else {
        throw MigrationError.endedTransaction(file: migration.fileName)
      }
      try connection.execute(
        """
        insert into schema_migrations (version, name, checksum)
        values (\(migration.version), \(migration.name),
          encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex'))
        """)
    }
  }
}

extension Migration {
  /// The line, from 1, of a character, from 1, as PostgreSQL counts: by Unicode scalars.
  func line(ofCharacter position: Int) -> Int {
    1 + sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
  }
}
