import Dispatch
import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct MigratorDatabaseTests {
  let settings: ConnectionSettings
  let connection: Connection

  init() throws {
    settings = try TemporaryCluster.shared().makeDatabase()
    connection = try Connection(settings)
  }

  private static let first = ["0001_first.sql": "create table a (n integer);"]
  private static let both = first.merging(["0002_second.sql": "alter table a add m integer;"]) {
    $1
  }

  private func migrator(_ files: [String: String]) throws -> Migrator {
    try withFolder(of: files) { try Migrator(folder: $0) }
  }

  private func columns() throws -> Int {
    try connection.query(
      "select count(*) from information_schema.columns where table_name = 'a'"
    ).single().value(at: 0)
  }

  @Test func fromEmptyThenAgainThenFurther() throws {
    let one = try migrator(Self.first)
    #expect(try one.status(connection).map(\.appliedAt) == [nil])
    #expect(
      try connection.query("select to_regclass('schema_migrations')::text").single()
        .value(at: 0, as: String?.self) == nil)
    #expect(try one.migrate(connection).map(\.version) == [1])
    #expect(try one.migrate(connection).isEmpty)
    #expect(try columns() == 1)

    let two = try migrator(Self.both)
    let status = try two.status(connection)
    #expect(status.map(\.name) == ["first", "second"])
    #expect(status.map { $0.appliedAt == nil } == [false, true])
    #expect(try two.migrate(connection).map(\.version) == [2])
    #expect(try columns() == 2)
    #expect(try connection.tryLockAdvisory(0x6c69_6761_7475_7265))
  }

  @Test func theRecordHoldsTheFilesChecksum() throws {
    try migrator(["0001_first.sql": "select 1;\n"]).migrate(connection)
    let checksum: String = try connection.query("select checksum from schema_migrations").single()
      .value(at: 0)
    // printf 'select 1;\n' | sha256sum
    #expect(checksum == "4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c")
  }

  @Test func aChangedFileIsRefused() throws {
    try migrator(Self.first).migrate(connection)
    let changed = try migrator(["0001_first.sql": "create table a (n bigint);"])
    let expected = MigrationError.changed(file: "0001_first.sql", applied: "0001_first.sql")
    #expect(throws: expected) { try changed.migrate(connection) }
    #expect(throws: expected) { try changed.status(connection) }
    let renamed = try migrator(["0001_other.sql": "create table a (n integer);"])
    #expect(throws: MigrationError.changed(file: "0001_other.sql", applied: "0001_first.sql")) {
      try renamed.migrate(connection)
    }
  }

  @Test func aNewerDatabaseIsRefused() throws {
    try migrator(Self.both).migrate(connection)
    #expect(throws: MigrationError.databaseIsNewer(database: 2, files: 1)) {
      try migrator(Self.first).migrate(connection)
    }
  }

  @Test func aRecordWithAGapIsRefused() throws {
    try migrator(Self.both).migrate(connection)
    try connection.execute("delete from schema_migrations where version = 1")
    #expect(throws: MigrationError.recordHasGap(missing: 1)) {
      try migrator(Self.both).migrate(connection)
    }
  }

  @Test func aFailingFileLeavesNothingAndNamesItsLine() throws {
    let bad = Self.first.merging([
      "0002_bad.sql": "alter table a add m integer;\n-- é\nalter table nowhere add x integer;\n"
    ]) { $1 }
    let error = #expect(throws: MigrationError.self) { try migrator(bad).migrate(connection) }
    guard case .failed("0002_bad.sql", _, let cause) = error else {
      Issue.record("found \(String(describing: error))")
      return
    }
    #expect(cause.sqlState == "42P01")
    #expect(try columns() == 1)
    let typo = Self.first.merging(["0002_typo.sql": "select 1;\n\nselect 'é', wrong;"]) { $1 }
    let second = #expect(throws: MigrationError.self) { try migrator(typo).migrate(connection) }
    #expect(second?.description.hasPrefix("0002_typo.sql, line 3: column \"wrong\"") == true)
    #expect(try migrator(Self.both).migrate(connection).map(\.version) == [2])
  }

  @Test func aFileThatCommitsIsRefused() throws {
    #expect(throws: MigrationError.endedTransaction(file: "0001_first.sql")) {
      try migrator(["0001_first.sql": "select 1; commit;"]).migrate(connection)
    }
  }

  @Test func twoMigratorsTakeTurns() async throws {
    let slow = try migrator(["0001_slow.sql": "create table a (n integer); select pg_sleep(0.2);"])
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<2 {
        let settings = settings
        group.addTask { try slow.migrate(Connection(settings)).count }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.sorted() == [0, 1])
  }

  @Test(
    arguments: [
      (["0002_b.sql": ""], MigrationError.wrongNumber(file: "0002_b.sql", found: 2, expected: 1)),
      (
        ["0001_a.sql": "", "0003_c.sql": ""],
        .wrongNumber(file: "0003_c.sql", found: 3, expected: 2)
      ),
      (
        ["0001_a.sql": "", "0001_b.sql": ""],
        .wrongNumber(file: "0001_b.sql", found: 1, expected: 2)
      ),
      (["1_a.sql": ""], .badFileName(file: "1_a.sql")),
    ] as [([String: String], MigrationError)])
  func badFoldersAreRefused(files: [String: String], expected: MigrationError) {
    #expect(throws: expected) { try migrator(files) }
  }

  @Test func theProjectsOwnMigrationsApply() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let migrator = try Migrator(folder: root.appending(path: "migrations").path)
    try migrator.migrate(connection)
    #expect(try migrator.migrate(connection).isEmpty)
    let checksums = ["a", "b"].map { String(repeating: $0, count: 64) }
    for (place, checksum) in checksums.enumerated() {
      try connection.execute(
        """
        insert into models (name, checksum, dimension, config)
        values (\("model \(place)"), \(checksum), 2, '{}')
        """)
    }
    try connection.execute("insert into corpora (name) values ('c')")
    try connection.execute("insert into items (corpus_id, smiles) values (1, 'C')")
    try connection.execute("select add_embedding_partitions(id) from models")
    func embed(model: Int, checksum: String, vector: [UInt8]) throws {
      try connection.execute(
        "insert into embeddings values (1, \(model), 1::smallint, \(checksum), \(vector))")
    }
    try embed(model: 1, checksum: checksums[0], vector: [1, 2, 3, 4])
    let mixed = #expect(throws: PostgresError.self) {
      try embed(model: 2, checksum: checksums[0], vector: [1, 2, 3, 4])
    }
    #expect(mixed?.sqlState == "23503")
    let odd = #expect(throws: PostgresError.self) {
      try embed(model: 2, checksum: checksums[1], vector: [1, 2, 3])
    }
    #expect(odd?.sqlState == "23514")
    #expect(try connection.execute("delete from items") == 1)
    #expect(try connection.query("select * from embeddings").isEmpty)
  }
}

/// Gives `body` a folder with these files and removes it afterwards.
private func withFolder<Value>(
  of files: [String: String], _ body: (String) throws -> Value
) throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  for (name, text) in files {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }
  return try body(folder.path)
}
