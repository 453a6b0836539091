import Foundation
import Postgres
import TestSupport
import Testing

/// What people are told when a real server refuses; every sentence says what, where and what to do.
@Suite struct PostgresProblemDatabaseTests {
  /// Connects and returns the advice of the failure.
  private func advice(_ settings: ConnectionSettings) throws -> String {
    let error = #expect(throws: PostgresError.self) { try Connection(settings) }
    return try #require(error?.advice)
  }

  @Test func aServerThatIsDownIsSaidToBeDown() async throws {
    let port = try LoopbackSocket.freePort()
    let tcp = try advice(
      ConnectionSettings("postgresql://someone:secret@127.0.0.1:\(port)/ligature"))
    #expect(tcp.hasPrefix("no PostgreSQL server answers at 127.0.0.1:\(port), database ligature"))
    #expect(tcp.contains("ligature db start"))
    #expect(!tcp.contains("secret"))
    let socket = try advice(
      ConnectionSettings(parameters: ["host": "/tmp/absent", "port": "6001", "dbname": "d"]))
    #expect(socket.contains("at /tmp/absent/.s.PGSQL.6001, database d"))
  }

  @Test func aHostThatNobodyKnowsIsNamed() throws {
    let text = try advice(ConnectionSettings("postgresql://u@nowhere.invalid/d"))
    #expect(text.hasPrefix("the database's host is not known"))
    #expect(text.contains("nowhere.invalid"))
  }

  @Test func aServerThatSaysNothingIsGivenUp() async throws {
    let listener = try LoopbackSocket(listening: true)
    let port = listener.port
    try await blocking {
      let start = ContinuousClock.now
      let text = try advice(
        ConnectionSettings("postgresql://u@127.0.0.1:\(port)/d?connect_timeout=2"))
      #expect(text.hasPrefix("nothing answers in time at 127.0.0.1:\(port), database d"))
      #expect(.now - start < .seconds(6))
    }
    withExtendedLifetime(listener) {}
  }

  @Test func passwordsUsersAndDatabases() async throws {
    try await blocking {
      let server = try ConfiguredServer(
        rules: ["host all alice 127.0.0.1/32 scram-sha-256", "host all bob 127.0.0.1/32 trust"])
      try server.administer(
        """
        create role alice login password 'right'; create role bob login;
        create table t (n integer)
        """)
      #expect(
        try Connection(server.settings(["user": "alice", "password": "right"])).server
          == "127.0.0.1:\(server.port), database ligature")

      let wrong = try advice(server.settings(["user": "alice", "password": "wrong-one"]))
      #expect(wrong.hasPrefix("the server at 127.0.0.1:\(server.port), database ligature"))
      #expect(wrong.contains("does not accept the password"))
      #expect(wrong.contains("\"alice\""))
      #expect(!wrong.contains("wrong-one"))

      let none = try advice(
        server.settings(["user": "alice", "passfile": "/dev/null"]))
      #expect(none.contains("wants a password"))

      let unknown = try advice(server.settings(["user": "carol"]))
      #expect(unknown.contains("does not admit this user"))
      #expect(unknown.contains("pg_hba.conf"))

      let missing = try advice(server.settings(["user": "bob", "dbname": "absent"]))
      #expect(missing.contains("does not have that database"))
      #expect(missing.contains("database absent"))

      let bob = try Connection(server.settings(["user": "bob"]))
      let denied = #expect(throws: PostgresError.self) { try bob.query("select * from t") }
      #expect(denied?.advice?.contains("does not allow that") == true)
      #expect(denied?.advice?.contains("127.0.0.1:\(server.port)") == true)
      #expect(denied?.advice?.contains("table t") == true)
    }
  }

  @Test func aServerThatOnlyReadsIsSaidToOnlyRead() throws {
    let connection = try Connection(TemporaryCluster.shared().makeDatabase())
    try connection.execute("set default_transaction_read_only = on")
    let error = #expect(throws: PostgresError.self) {
      try connection.execute("create table t (n integer)")
    }
    #expect(error?.advice?.contains("only reads") == true)
    #expect(error?.advice?.contains("primary") == true)
  }

  @Test func aServerWithoutConnectionsLeftIsSaidToBeFull() async throws {
    try await blocking {
      let server = try ConfiguredServer(settings: [
        "max_connections = 3", "superuser_reserved_connections = 0", "max_wal_senders = 0",
      ])
      let settings = try server.cluster.settings()
      let held = try (0..<3).map { _ in try Connection(settings) }
      let text = try advice(settings)
      #expect(text.contains("has no connection left"))
      #expect(text.contains("max_connections"))
      #expect(try held[0].query("select 1").count == 1)
    }
  }

  @Test func conflictsAndLocksSayWhatToDo() throws {
    let settings = try TemporaryCluster.shared().makeDatabase()
    let (one, two) = (try Connection(settings), try Connection(settings))
    try one.execute(unsafeScript: "create table t (n integer); insert into t values (1)")
    try one.execute(unsafeScript: "begin; lock table t")
    try two.execute("set lock_timeout = '20ms'")
    let locked = #expect(throws: PostgresError.self) { try two.query("select * from t") }
    #expect(locked?.advice?.contains("keeps what is needed locked") == true)
    try one.execute("rollback")

    try two.execute(unsafeScript: "begin isolation level repeatable read; select * from t")
    try one.execute("update t set n = 2")
    let conflict = #expect(throws: PostgresError.self) { try two.execute("update t set n = 3") }
    #expect(conflict?.advice?.contains("give the command again") == true)

    let memory = #expect(throws: PostgresError.self) {
      try one.execute(
        unsafeScript: "do $$ begin raise exception 'no memory' using errcode = '53200'; end $$")
    }
    #expect(memory?.advice?.contains("work_mem") == true)
  }

  /// A tablespace on a file system of 8 MiB.
  ///
  /// Where nothing may be mounted, the server raises the same SQLSTATE by itself.
  @Test func aFullDiskIsSaidToBeFullAndLeavesNothing() async throws {
    try await blocking {
      let server = try ConfiguredServer()
      let place = server.folder + "/small"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      let isMounted = Self.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place]) == 0
      defer { if isMounted { _ = Self.run(["umount", "-l", place]) } }
      let connection = try Connection(server.cluster.settings())
      let error: PostgresError?
      if isMounted {
        let data = try FileManager.default.attributesOfItem(atPath: server.cluster.folder + "/data")
        try FileManager.default.setAttributes(
          [.ownerAccountID: data[.ownerAccountID] ?? 0, .posixPermissions: 0o700],
          ofItemAtPath: place)
        // The tablespace's folder is reached through the test's own.
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: server.folder)
        try connection.execute(unsafeScript: "create tablespace small location '\(place)'")
        try connection.execute("create table t (n bigint, filler text) tablespace small")
        error = #expect(throws: PostgresError.self) {
          try connection.execute(
            "insert into t select n, repeat('x', 100) from generate_series(1, 200000) as n")
        }
        #expect(try connection.query("select 1 from t limit 1").isEmpty)
      } else {
        error = #expect(throws: PostgresError.self) {
          try connection.execute(
            unsafeScript: "do $$ begin raise exception 'full' using errcode = '53100'; end $$")
        }
      }
      #expect(error?.sqlState == "53100")
      #expect(error?.advice?.contains("has no room left on its disk") == true)
      #expect(error?.advice?.contains("make room") == true)
    }
  }

  private static func run(_ words: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
