import Foundation
import Glibc
import Postgres
import TestSupport
import Testing

/// `ligature models`, `ligature corpora` and the newer `ligature db` commands of the built program.
@Suite struct OperationsCommandTests {
  /// A private server of one test, and the program run against it.
  private final class Session: Sendable {
    let folder: String
    let cluster: PrivateCluster

    init() throws {
      folder = "/tmp/ligature-operations-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      cluster = try PrivateCluster(folder: folder + "/home/postgres")
      try ClusterWatcher.watch(cluster, removing: folder)
      try #require(try run(["db", "start"]).status == 0)
    }

    deinit {
      try? cluster.stop()
      try? FileManager.default.removeItem(atPath: folder)
    }

    func run(_ words: [String]) throws -> (status: Int32, output: String) {
      let place = [
        "--data-dir", folder + "/home", "--migrations", ProjectFolder.path + "/migrations",
      ]
      let run = try ProgramRun(words + place)
      let status = run.wait()
      return (status, String(decoding: try run.printed(), as: UTF8.self))
    }

    /// Runs it and reads its JSON.
    func json(_ words: [String]) throws -> [[String: Any]] {
      let (status, output) = try run(words + ["--json"])
      #expect(status == 0 || status == 2)
      let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
      return try #require(value as? [[String: Any]])
    }

    /// Two models and a corpus of three items.
    func fill() throws {
      try Connection(cluster.settings()).execute(
        unsafeScript: """
          insert into models (name, checksum, dimension, config) values
            ('m1', repeat('1', 64), 4, '{}'), ('m2', repeat('2', 64), 4, '{}');
          select add_embedding_partitions(id) from models;
          insert into corpora (name) values ('c');
          insert into items (corpus_id, smiles, text) values
            (1, 'CCO', 'ethanol'), (1, 'OCC', 'ethanol'), (1, 'C', null);
          insert into item_sources (corpus_id, source_id, item_id)
            select 1, 'row ' || id, id from items;
          insert into embeddings (item_id, model_id, modality, checksum, vector)
            select items.id, models.id, 1, checksum, '\\x0000000000000000'::bytea
            from items, models where models.name = 'm1';
          """)
    }
  }

  @Test func modelsAreListedPromotedAndDropped() async throws {
    try await blocking {
      let session = try Session()
      #expect(try session.run(["models", "list"]).output.contains("no models yet"))
      try session.fill()
      let table = try session.run(["models", "list"]).output.split(separator: "\n")
      #expect(table.count == 3)
      #expect(table[0].hasPrefix("name  checksum      numbers  molecules  texts  created"))
      #expect(table[1].hasPrefix("m1    111111111111        4          3      0  "))

      #expect(try session.run(["models", "promote", "m2"]).output == "m2 answers now\n")
      #expect(try session.run(["models", "promote", "m2"]).output == "m2 answers already\n")
      #expect(try session.run(["models", "promote", "m3"]).status == 1)
      let models = try session.json(["models", "list"])
      #expect(models.map { $0["is_promoted"] as? Bool } == [false, true])
      #expect(models.map { $0["promoted_at"] is NSNull } == [true, false])
      #expect((models[0]["embeddings"] as? [String: Int]) == ["molecules": 3, "texts": 0])

      #expect(try session.run(["models", "drop", "m1"]).status == 1)
      #expect(try session.run(["models", "drop", "m2"]).status == 1)
      #expect(
        try session.run(["models", "drop", "m1", "--yes"]).output
          == "dropped m1 with embeddings of 3 molecules and 0 texts\n")
      #expect(try session.json(["models", "list"]).map { $0["name"] as? String } == ["m2"])
    }
  }

  @Test func corporaAreListedExportedAndDropped() async throws {
    try await blocking {
      let session = try Session()
      try session.fill()
      let listed = try session.json(["corpora", "list"])
      #expect(listed.count == 1 && listed[0]["items"] as? Int == 3)
      #expect(try session.run(["corpora", "list"]).output.contains("m1 60.0%"))

      let path = session.folder + "/c.ndjson"
      #expect(try session.run(["corpora", "export", "c", "--out", path]).status == 0)
      let lines = try String(contentsOfFile: path, encoding: .utf8)
      #expect(
        lines == """
          {"id":"row 1","smiles":"CCO","text":"ethanol"}
          {"id":"row 2","smiles":"OCC","text":"ethanol"}
          {"id":"row 3","smiles":"C"}

          """)
      #expect(
        try session.run(["corpora", "export", "c", "--format", "smi"]).output
          == "CCO\trow 1\nOCC\trow 2\nC\trow 3\n")
      #expect(try session.run(["corpora", "export", "d"]).status == 1)
      #expect(try session.run(["corpora", "export", "c", "--format", "doc"]).status == 64)
      #expect(
        try session.run(["corpora", "export", "c", "--out", "/absent/c.tsv"]).status == 1)

      #expect(try session.run(["corpora", "drop", "c"]).status == 1)
      #expect(
        try session.run(["corpora", "drop", "c", "--yes"]).output
          == "dropped corpus c with 3 items\n")
      #expect(try session.run(["corpora", "list"]).output.contains("no corpora yet"))
    }
  }

  @Test func checkingReportsAndRepairs() async throws {
    try await blocking {
      let session = try Session()
      let clean = try session.run(["db", "check"])
      #expect(clean.status == 0)
      #expect(clean.output.hasPrefix("found  repaired  check"))
      try session.fill()
      let found = try session.run(["db", "check"])
      #expect(found.status == 2)
      let results = try session.json(["db", "check"]).filter { $0["found"] as? Int != 0 }
      #expect(results.contains { ($0["check"] as? String)?.hasPrefix("items without key") == true })
      let repaired = try session.run(["db", "check", "--repair"])
      #expect(repaired.status == 0, "\(repaired.output)")
      #expect(try session.run(["db", "check"]).status == 0)
      #expect(try session.json(["corpora", "list"])[0]["items"] as? Int == 2)
      #expect(try session.json(["corpora", "list"])[0]["rows"] as? Int == 3)
    }
  }

  @Test func backupsComeBack() async throws {
    try await blocking {
      let (session, other) = (try Session(), try Session())
      try session.fill()
      let path = session.folder + "/all.dump"
      func epoch(_ session: Session) throws -> String {
        try Connection(session.cluster.settings()).query(
          "select epoch::text from database_epoch"
        ).single().value(at: 0)
      }
      let before = try epoch(session)
      #expect(try session.run(["db", "backup", "--out", path]).status == 0)
      #expect(try session.run(["db", "restore", path]).status == 1)
      #expect(try session.run(["corpora", "drop", "c", "--yes"]).status == 0)
      #expect(try session.run(["models", "drop", "m1", "--yes"]).status == 0)
      try Connection(session.cluster.settings()).execute(
        unsafeScript: """
          insert into models (name, checksum, dimension, config)
          values ('m9', repeat('9', 64), 4, '{}');
          select add_embedding_partitions(id) from models;
          """)
      let restored = try session.run(["db", "restore", path, "--clean"])
      #expect(restored.status == 0)
      #expect(try epoch(session) != before)
      #expect(
        try session.json(["models", "list"]).map { $0["name"] as? String } == ["m1", "m2"])
      #expect(try session.json(["corpora", "list"])[0]["items"] as? Int == 3)

      // What others have made is not replaced unasked.
      let target = try Connection(other.cluster.settings())
      try target.execute("create table notes as select 7 as number")
      #expect(try other.run(["db", "restore", path]).status == 1)
      #expect(
        try target.query("select number from notes").single().value(at: 0, as: Int32.self) == 7)
      try target.execute("drop table notes")
      // A database that was only just made needs no --clean.
      #expect(try other.run(["db", "restore", path]).status == 0)
      #expect(try other.json(["corpora", "list"])[0]["items"] as? Int == 3)
      // It goes on where the other was: numbers are not given twice.
      try Connection(other.cluster.settings()).execute(
        "insert into corpora (name) values ('d')")
      #expect(try other.run(["db", "check"]).status == 2)
      #expect(try other.run(["db", "check", "--repair"]).status == 0)
    }
  }

  @Test(arguments: 1...4)
  func aBackupOfAnOlderSchemaIsRestoredAndMigrated(version: Int) async throws {
    try await blocking {
      let session = try Session()
      let old = try TemporaryCluster.shared().makeDatabase()
      let folder = session.folder + "/older"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let all = ProjectFolder.path + "/migrations/"
      for name in try FileManager.default.contentsOfDirectory(atPath: all)
      where try #require(Int(name.prefix(4))) <= version {
        try FileManager.default.copyItem(atPath: all + name, toPath: folder + "/" + name)
      }
      let connection = try Connection(old)
      try Migrator(folder: folder).migrate(connection)
      let items =
        version == 1
        ? "insert into items (corpus_id, source_id, smiles) values (1, 'a', 'CCO'), (1, 'b', 'OCC')"
        : """
        insert into items (corpus_id, smiles) values (1, 'CCO'), (1, 'OCC');
        insert into item_sources (corpus_id, source_id, item_id) values (1, 'a', 1), (1, 'b', 2);
        """
      try connection.execute(
        unsafeScript: "insert into corpora (name) values ('old'); " + items)
      let path = session.folder + "/old.dump"
      _ = try DatabaseBackup(old, serverVersion: connection.serverVersion).write(to: path)
      let restored = try session.run(["db", "restore", path])
      #expect(restored.status == 0)
      #expect(restored.output.contains("ligature db migrate"))
      #expect(try session.run(["corpora", "list"]).status == 1)
      #expect(try session.run(["db", "migrate"]).status == 0)
      #expect(try session.run(["db", "check"]).status == 2)
      #expect(try session.run(["db", "check", "--repair"]).status == 0)
      #expect(try session.json(["corpora", "list"])[0]["items"] as? Int == 1)
      #expect(try session.json(["corpora", "list"])[0]["rows"] as? Int == 2)
    }
  }

  @Test func rolesAreMadeAndStatusShowsJobs() async throws {
    try await blocking {
      let session = try Session()
      try session.fill()
      let roles = try session.run(["db", "roles", "--prefix", "lab"])
      #expect(roles.status == 0)
      #expect(roles.output.hasPrefix("made lab_reader\nmade lab_writer\n"))
      #expect(roles.output.contains("in role \"lab_reader\""))
      try Connection(session.cluster.settings()).execute(
        "insert into index_jobs (corpus_id, model_id, kind) values (1, 1, 'reembed')")
      let status = try session.run(["db", "status"])
      #expect(status.status == 0)
      #expect(status.output.contains("1 reading"))
    }
  }
}
