import Foundation
import Postgres
import TestSupport
import Testing

/// `ligature audit list` of the built program, and the commands that write what it lists.
@Suite struct AuditCommandTests {
  private let settings: ConnectionSettings

  /// Two models and an empty corpus.
  init() throws {
    settings = try TemporaryCluster.shared().makeDatabase()
    let connection = try Connection(settings)
    try Migrator(folder: ProjectFolder.path + "/migrations").migrate(connection)
    try connection.execute(
      unsafeScript: """
        insert into models (name, checksum, dimension, config) values
          ('m1', repeat('1', 64), 4, '{}'), ('m2', repeat('2', 64), 4, '{}');
        select add_embedding_partitions(id) from models;
        insert into corpora (name) values ('c');
        """)
  }

  private func run(_ words: [String]) throws -> (status: Int32, output: String) {
    let run = try ProgramRun(words + ["--database", settings.description])
    let status = run.wait()
    return (status, String(decoding: try run.printed(), as: UTF8.self))
  }

  @Test func commandsThatChangeAreListed() throws {
    #expect(try run(["audit", "list"]) == (0, "nothing was recorded\n"))
    for words in [
      ["models", "promote", "m1"], ["models", "promote", "m1"], ["models", "drop", "m2", "--yes"],
      ["corpora", "drop", "c", "--yes"], ["keys", "create", "--name", "lab", "--scope", "read"],
    ] {
      #expect(try run(words).status == 0, "\(words)")
    }
    let (status, output) = try run(["audit", "list", "--json", "--since", "1h"])
    #expect(status == 0)
    let lines = try output.split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(value as? [String: Any])
    }
    let words = lines.map { "\($0["actor"] ?? "") \($0["action"] ?? "") \($0["target"] ?? "")" }
    #expect(
      words == [
        "command line model.promote m1", "command line model.delete m2",
        "command line corpus.delete c", "command line key.create lab",
      ])
    let table = try run(["audit", "list", "--limit", "1"]).output.split(separator: "\n")
    #expect(table.count == 2 && table[1].contains("key.create"))
    #expect(try run(["audit", "list", "--since", "2100-01-01"]).output == "nothing was recorded\n")
  }

  @Test(arguments: ["yesterday", "5x", "-3h", ""])
  func badMomentsAreRefused(text: String) throws {
    #expect(try run(["audit", "list", "--since=\(text)"]).status == 64)
  }
}
