import Alignment
import Digest
import ModelTestSupport
import Molecule
import Postgres
import Retrieval
import Tensor
import TestSupport
import Testing

@testable import AlignAPI

/// Servers with and without the extension, and corpora that are indexed for real.
@Suite struct VectorExtensionDatabaseTests {
  @Test func everyHalfIsReadAsItsFloat() throws {
    let fixture = try StoreFixture()
    let finite = (0...UInt16.max).filter { $0 & 0x7c00 != 0x7c00 }
    let bytes = finite.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let values = try fixture.connection.query(
      "select v from unnest(half_values(\(bytes))) with ordinality as h (v, place) order by place"
    ).map { try $0.value(at: 0, as: Float.self) }
    let expected = HalfMatrix(rows: 1, columns: finite.count, bits: finite).widened().values
    #expect(values == expected)
    #expect(
      try fixture.connection.query("select half_values('')").single().isNull(at: 0))
  }

  @Test func serverWithoutTheExtensionIsNamed() throws {
    let fixture = try StoreFixture()
    let building = VectorTableBuilding(
      try fixture.addModel("m1"), type: .halfvec, settings: fixture.settings)
    #expect(throws: VectorExtensionError.notAvailable(server: 15)) {
      try building.run(fixture.connection)
    }
    #expect(
      VectorExtensionError.notAvailable(server: 15).description
        .contains("the package postgresql-15-pgvector"))
    #expect(try VectorTable.all(fixture.connection).isEmpty)
    // Nothing of it is in the way of the rest.
    #expect(try VectorTableCheck().find(fixture.connection) == CheckFinding())
    try ModelStore(fixture.connection).drop(
      try #require(try ModelStore(fixture.connection).find(name: "m1")))
  }

  @Test func whoMayNotCreateItIsTold() throws {
    let database = try TemporaryCluster.withVectors().makeDatabase()
    let owner = try Connection(database)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(owner)
    try owner.execute("create role nobody")
    defer { _ = try? owner.execute("drop role nobody") }
    let user = try Connection(database.with(parameter: "options", value: "-c role=nobody"))
    #expect(throws: VectorExtensionError.notAllowed(user: "nobody")) {
      try VectorExtension(connection: user).ensure()
    }
    try VectorExtension(connection: owner).ensure()
    try VectorExtension(connection: user).ensure()
  }

  @Test func vectorsThatAreTooLongAreRefused() throws {
    let database = try TemporaryCluster.withVectors().makeDatabase()
    let connection = try Connection(database)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(connection)
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values ('long', repeat('1', 64), 2001, '{}')
      """)
    let model = try #require(try ModelStore(connection).find(name: "long"))
    #expect(
      throws: VectorExtensionError.tooLong(model: "long", dimension: 2001, type: .vector)
    ) {
      try VectorTableBuilding(model, type: .vector, settings: database).run(connection)
    }
    // A model without embeddings gets empty tables.
    try connection.execute("select add_embedding_partitions(\(model.id))")
    let table = try #require(
      try VectorTableBuilding(model, type: .halfvec, settings: database).run(connection))
    #expect(table.measured?.recallOfMolecules == nil)
  }

  /// Indexing writes, replaces and deletes; a coordinate holds hubs back.
  @Test func indexedCorpusIsFoundAsInMemory() async throws {
    let folder = try IndexFixture.makeFolder()
    let tiny = try TinyModel(compounds: 40, batchSize: 20, seed: 3, hubness: 0.5, in: folder)
    let database = try TemporaryCluster.withVectors().makeDatabase()
    try Migrator(folder: TinyModel.root + "/migrations").migrate(Connection(database))
    let fixture = IndexFixture(settings: database, folder: folder)
    var indexer = Indexer(
      checkpoint: tiny.checkpoint, modelFolder: tiny.folder, settings: database)
    indexer.chunkRows = 8
    let lines = try IndexFixture.compounds(40)
    _ = try indexer.index(fixture.request(fixture.file(Array(lines.prefix(25)))))
    let connection = try Connection(database)
    let model = try #require(
      try ModelStore(connection).find(checksum: tiny.checkpoint.checksum.hexadecimal))
    #expect(model.dimension == 17)
    _ = try #require(
      try VectorTableBuilding(model, type: .halfvec, settings: database).run(connection))
    // New rows, and rows whose text is another one: their items go.
    let changed = lines.prefix(6).dropFirst().map { line in
      var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      fields[4] = "another text of " + fields[1]
      return fields.joined(separator: "\t")
    }
    _ = try indexer.index(
      fixture.request(fixture.file([lines[0]] + changed + lines.suffix(30), name: "changed.tsv")))
    #expect(try VectorTableCheck().find(connection) == CheckFinding())
    #expect(
      try fixture.rows(
        "select count(*)::text from vectors_m\(fragment: SQLStatement(unsafeSQL: "\(model.id)"))")
        == fixture.rows("select count(*)::text from embeddings"))
    let engines = try [IndexPolicy(kind: .pgvector), IndexPolicy(kind: .exact)].map {
      try SearchEngine(checkpoint: tiny.checkpoint, database: database, policy: $0)
    }
    for text in ["a beta blocker for hypertension", "another text", "an antibiotic"] {
      var answers: [[SearchResult]] = []
      for engine in engines {
        answers.append(
          try await engine.search(
            SearchRequest(SearchQuery(text: text), target: .molecules, count: 60)
          ).results)
      }
      #expect(answers[0] == answers[1])
      #expect(answers[0].count >= 35)
    }
  }
}
