import Foundation
import Postgres
import TestSupport
import Testing

/// `ligature db vectors` of the built program.
@Suite struct VectorsCommandTests {
  private func run(
    _ words: [String], on database: ConnectionSettings
  ) throws -> (status: Int32, output: String) {
    let address = ["host", "port", "user"].compactMap { keyword in
      database.value(of: keyword).map { "\(keyword)=\($0)" }
    }
    let run = try ProgramRun(
      words + [
        "--database", "postgresql:///\(database.database ?? "")?\(address.joined(separator: "&"))",
        "--migrations", ProjectFolder.path + "/migrations",
      ])
    let status = run.wait()
    return (status, String(decoding: try run.printed(), as: UTF8.self))
  }

  /// A model with a molecule of four numbers for each of 50 items.
  private func fill(_ database: ConnectionSettings) throws {
    let connection = try Connection(database)
    try Migrator(folder: ProjectFolder.path + "/migrations").migrate(connection)
    try connection.execute(
      unsafeScript: """
        insert into models (name, checksum, dimension, config)
          values ('m1', repeat('1', 64), 4, '{}');
        select add_embedding_partitions(id) from models;
        insert into corpora (name) values ('c');
        insert into items (corpus_id, smiles) select 1, 'C' from generate_series(1, 50);
        insert into item_sources (corpus_id, source_id, item_id) select 1, id, id from items;
        insert into embeddings (item_id, model_id, modality, checksum, vector)
          select id, 1, 1, repeat('1', 64), decode(lpad(to_hex(id), 16, '0'), 'hex') from items;
        """)
  }

  @Test func vectorsAreEnabledShownAndDisabled() async throws {
    try await blocking {
      let database = try TemporaryCluster.withVectors().makeDatabase()
      try fill(database)
      #expect(
        try run(["db", "vectors", "status"], on: database).output
          == "no model's vectors are in pgvector; see: ligature db vectors enable --help\n")
      #expect(try run(["db", "vectors", "enable", "--model", "m2"], on: database).status == 1)
      #expect(
        try run(["db", "vectors", "enable", "--model", "m1", "--m", "1"], on: database).status
          == 64)
      let enabled = try run(["db", "vectors", "enable", "--model", "m1"], on: database)
      #expect(enabled.status == 0)
      #expect(enabled.output == "recall@10 1.0000 of the molecules\n")
      let table = try run(["db", "vectors", "status"], on: database).output.split(separator: "\n")
      #expect(table.count == 2)
      #expect(
        table[1].hasPrefix(
          "m1     halfvec, m 16, ef_construction 64         50      0   0          40  1.0000, -"))
      #expect(try run(["db", "check"], on: database).output.contains("pgvector's table"))
      #expect(
        try run(["db", "vectors", "disable", "--model", "m1"], on: database).output
          == "m1 has no vectors in pgvector any more\n")
      #expect(
        try run(["db", "vectors", "disable", "--model", "m1"], on: database).output
          == "m1 has no vectors in pgvector\n")
    }
  }

  @Test func serverWithoutTheExtensionIsAFailure() async throws {
    try await blocking {
      let database = try TemporaryCluster.shared().makeDatabase()
      try fill(database)
      #expect(try run(["db", "vectors", "enable", "--model", "m1"], on: database).status == 1)
      #expect(try run(["db", "vectors", "status"], on: database).status == 0)
    }
  }
}
