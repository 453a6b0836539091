import Foundation
import Postgres
import TestSupport
import Testing

/// What the built program says on standard error when the database refuses.
@Suite struct DatabaseAdviceTests {
  private func failure(_ words: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = ProgramRun.program
    process.arguments = words + ["--migrations", ProjectFolder.path + "/migrations"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    return String(decoding: text, as: UTF8.self)
  }

  @Test func oneSentenceSaysWhatWhereAndWhatToDo() async throws {
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 scram-sha-256"])
      try server.administer("create role alice login password 'right'")
      let address = "postgresql://alice:wrong-one@127.0.0.1:\(server.port)/ligature"
      let text = try failure(["models", "list", "--database", address])
      #expect(
        text == """
          Error: the server at 127.0.0.1:\(server.port), database ligature does not accept the \
          password (password authentication failed for user "alice"); correct it in the address \
          or in ~/.pgpass

          """)
      let port = try LoopbackSocket.freePort()
      let down = try failure(
        ["db", "check", "--database", "postgresql://a:secret@127.0.0.1:\(port)/d"])
      #expect(down.hasPrefix("Error: no PostgreSQL server answers at 127.0.0.1:\(port)"))
      #expect(!down.contains("secret"))
    }
  }

  @Test func aSchemaOfAnotherVersionIsNamed() async throws {
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 trust"])
      let address = "postgresql://ligature@127.0.0.1:\(server.port)/ligature"
      let older = try failure(["corpora", "list", "--database", address])
      #expect(older.contains("not up to date, it lacks 0001_initial.sql"))
      #expect(older.contains("ligature db migrate --database …"))
      let connection = try Connection(server.cluster.settings())
      try Migrator(folder: ProjectFolder.path + "/migrations").migrate(connection)
      try connection.execute(
        "insert into schema_migrations (version, name, checksum) values (99, 'later', '')")
      let newer = try failure(["corpora", "list", "--database", address])
      #expect(newer.contains("database is at migration 99"))
      #expect(newer.contains("newer version of Ligature"))
    }
  }
}
