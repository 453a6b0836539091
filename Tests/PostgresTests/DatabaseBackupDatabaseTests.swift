import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct DatabaseBackupDatabaseTests {
  private let folder: String

  init() throws {
    folder = "/tmp/ligature-backup-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func backup(_ settings: ConnectionSettings) throws -> DatabaseBackup {
    try DatabaseBackup(settings, serverVersion: Connection(settings).serverVersion)
  }

  private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

  @Test func whatIsBackedUpComesBack() async throws {
    defer { cleanUp() }
    try await blocking {
      let path = folder + "/one.dump"
      let source = try TemporaryCluster.shared().makeDatabase()
      try Connection(source).execute(
        unsafeScript: "create table t (n integer primary key); insert into t values (1), (2)")
      let size = try backup(source).write(to: path)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.size] as? Int == size)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["one.dump"])

      let target = try TemporaryCluster.shared().makeDatabase()
      try backup(target).restore(from: path, replacing: false)
      #expect(try Connection(target).query("select n from t order by n").count == 2)

      let error = #expect(throws: BackupError.self) {
        try backup(target).restore(from: path, replacing: false)
      }
      #expect(error == .notEmpty(database: target.database ?? "", tables: 1))
      // A function that rests on another goes with it.
      try Connection(target).execute(
        unsafeScript: """
          insert into t values (3);
          create function twice(n integer) returns integer language sql return 2 * n;
          create function thrice(n integer) returns integer language sql return twice(n) + n
          """)
      try backup(target).restore(from: path, replacing: true)
      #expect(try Connection(target).query("select n from t order by n").count == 2)
    }
  }

  @Test func aFileThatIsCutIsRefusedAndChangesNothing() async throws {
    defer { cleanUp() }
    try await blocking {
      let path = folder + "/cut.dump"
      let source = try TemporaryCluster.shared().makeDatabase()
      try Connection(source).execute(
        unsafeScript: """
          create table t (n integer, x text);
          insert into t select n, md5(n::text) from generate_series(1, 20000) as n
          """)
      _ = try backup(source).write(to: path)
      let whole = try Data(contentsOf: URL(filePath: path))
      for length in [0, 20, whole.count / 2, whole.count - 40] {
        try whole.prefix(length).write(to: URL(filePath: path))
        let error = #expect(throws: BackupError.self) {
          try backup(source).restore(from: path, replacing: true)
        }
        guard case .damaged(let name, _) = error else {
          Issue.record("\(length) bytes: \(String(describing: error))")
          continue
        }
        #expect(name == path)
      }
      #expect(try Connection(source).query("select 1 from t").count == 20000)
    }
  }

  /// Deleting and restoring are one transaction.
  ///
  /// A function in C may be made by superusers only.
  @Test func aRestoreThatFailsHalfwayChangesNothing() async throws {
    defer { cleanUp() }
    try await blocking {
      let path = folder + "/one.dump"
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 trust"])
      try server.administer(
        """
        create table a (n integer); insert into a values (1);
        create function likeness(text, text) returns real language c
          as '$libdir/pg_trgm', 'similarity';
        create role owner login;
        """)
      try server.administer("create database owned owner owner")
      _ = try backup(server.cluster.settings()).write(to: path)
      let settings = server.settings(["user": "owner", "dbname": "owned"])
      try Connection(settings).execute(
        unsafeScript: """
          create table b (n integer); create view v as select n from b; insert into b values (7);
          create table p (n serial) partition by list (n);
          create table p_1 partition of p for values in (1);
          create function twice(n integer) returns integer language sql return 2 * n;
          create extension pg_trgm
          """)
      let error = #expect(throws: BackupError.self) {
        try backup(settings).restore(from: path, replacing: true)
      }
      guard case .programFailed("psql", _, let output) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(output.contains("permission denied for language c"))
      let connection = try Connection(settings)
      #expect(try connection.query("select n from v").count == 1)
      #expect(try connection.query("select 1 where to_regclass('a') is not null").isEmpty)
      // The superuser may; then everything else in the schema has gone.
      let administrator = try server.cluster.settings().with(database: "owned")
      try backup(administrator).restore(from: path, replacing: true)
      #expect(try Connection(administrator).query("select n from a").count == 1)
      #expect(
        try Connection(administrator).query("select 1 where to_regclass('b') is not null").isEmpty)
    }
  }

  @Test func aBackupThatFailsLeavesTheOldFile() async throws {
    defer { cleanUp() }
    try await blocking {
      let path = folder + "/one.dump"
      try Data("old".utf8).write(to: URL(filePath: path))
      let source = try TemporaryCluster.shared().makeDatabase()
      let backup = try backup(source)
      try Connection(TemporaryCluster.shared().settings).execute(
        "drop database \(identifier: source.database ?? "")")
      let error = #expect(throws: BackupError.self) { try backup.write(to: path) }
      #expect(error?.description.contains("does not exist") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["one.dump"])
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("old".utf8))
      #expect(throws: BackupError.self) { try backup.write(to: folder + "/absent/one.dump") }
    }
  }

  @Test func stoppingLeavesNothing() async throws {
    defer { cleanUp() }
    try await blocking {
      let source = try TemporaryCluster.shared().makeDatabase()
      let holding = try Connection(source)
      // pg_dump waits for this lock.
      try holding.execute("create table t (n integer)")
      try holding.execute(unsafeScript: "begin; lock table t")
      let start = ContinuousClock.now
      let backup = try DatabaseBackup(source, serverVersion: holding.serverVersion)
      #expect(throws: BackupError.stopped) {
        try backup.write(
          to: folder + "/one.dump", shouldStop: { .now - start > .milliseconds(200) })
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  /// Everyone on the machine can read a program's arguments.
  @Test func thePasswordIsNoArgument() async throws {
    defer { cleanUp() }
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 scram-sha-256"])
      try server.administer(
        """
        create role alice login superuser password 'se''cret'; create table t (n integer);
        """)
      let settings = server.settings(["user": "alice", "password": "se'cret"])
      let holding = try Connection(settings)
      try holding.execute(unsafeScript: "begin; lock table t")
      var lines: [String] = []
      let start = ContinuousClock.now
      let backup = try backup(settings)
      let seen = Seen()
      #expect(throws: BackupError.stopped) {
        try backup.write(
          to: folder + "/one.dump",
          shouldStop: {
            seen.look(for: folder)
            return .now - start > .milliseconds(400)
          })
      }
      lines = seen.lines
      #expect(lines.contains { $0.contains("pg_dump") })
      #expect(!lines.contains { $0.contains("cret") })
      try holding.execute("rollback")
      #expect(try backup.write(to: folder + "/one.dump") > 0)
    }
  }

  /// The command lines of programs that name a folder.
  private final class Seen {
    var lines: [String] = []

    func look(for folder: String) {
      let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      for process in processes where Int(process) != nil {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else {
          continue
        }
        let line = String(decoding: data, as: UTF8.self)
        if line.contains(folder) { lines.append(line) }
      }
    }
  }

  @Test func anEncryptedClientKeyIsRefused() {
    let settings = ConnectionSettings(parameters: ["host": "/tmp", "sslpassword": "x"])
    #expect(throws: BackupError.encryptedClientKey) {
      try DatabaseBackup(settings, serverVersion: 150000)
    }
  }
}
