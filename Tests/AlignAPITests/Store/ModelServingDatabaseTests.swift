import AlignAPI
import Alignment
import Foundation
import ModelTestSupport
import Postgres
import Testing

@Suite struct ModelServingDatabaseTests {
  @Test func modelsAreListedWithWhatTheyHave() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let (one, two) = (try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2))
    let item = try fixture.addItem(corpus, smiles: "CC", text: "ethane", sources: ["a"])
    try fixture.embed(item, .molecule, one)
    try fixture.embed(item, .text, one)
    try fixture.embed(item, .molecule, two)
    let overview = try ModelStore(fixture.connection).overview()
    #expect(overview.map(\.model) == [one, two])
    #expect(overview[0].embeddings == EmbeddingCounts(molecules: 1, texts: 1))
    #expect(overview[1].embeddings == EmbeddingCounts(molecules: 1, texts: 0))
    #expect(overview.allSatisfy { !$0.isPromoted && $0.promotedAt == nil && $0.isInUse })
    #expect(try ModelStore(fixture.connection).find(name: "m2") == two)
    #expect(try ModelStore(fixture.connection).find(name: "m3") == nil)
  }

  @Test func promotingMovesTheMark() throws {
    let fixture = try StoreFixture()
    let store = ModelStore(fixture.connection)
    let (one, two) = (try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2))
    #expect(try store.promote(one))
    #expect(try store.overview(one).isPromoted)
    let since = try store.overview(one).promotedAt
    #expect(since != nil)
    #expect(try !store.promote(one))
    #expect(try store.overview(one).promotedAt == since)
    #expect(try store.promote(two))
    #expect(try store.overview().map(\.isPromoted) == [false, true])
    #expect(try store.overview(one).promotedAt == since)
  }

  @Test func promotionIsOneTransactionWhateverElsePromotes() async throws {
    let fixture = try StoreFixture()
    let models = try (1...8).map { try fixture.addModel("m\($0)", digit: $0) }
    let settings = fixture.settings
    try await withThrowingTaskGroup(of: Void.self) { group in
      for model in models {
        group.addTask {
          let store = ModelStore(try Connection(settings))
          for _ in 0..<5 { try store.promote(model) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try ModelStore(fixture.connection).overview().count { $0.isPromoted } == 1)
  }

  @Test func serversAreToldOfPromotionAndDrop() throws {
    let fixture = try StoreFixture()
    let (one, two) = (try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2))
    let listener = try Connection(fixture.settings)
    try listener.listen(ModelStore.channel)
    let store = ModelStore(fixture.connection)
    func heard() throws -> [String] {
      try listener.notifications(within: .milliseconds(500)).map(\.payload)
    }
    try store.promote(two)
    #expect(try heard() == ["\(two.id)"])
    try store.promote(two)
    #expect(try heard() == [])
    try store.drop(one)
    #expect(try heard() == ["\(one.id)"])
  }

  @Test func droppingTakesEmbeddingsAndJobsAndLeavesItems() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let (one, two) = (try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2))
    let item = try fixture.addItem(corpus, smiles: "CC", sources: ["a"])
    try fixture.embed(item, .molecule, one)
    try fixture.embed(item, .molecule, two)
    try fixture.connection.execute(
      "insert into index_jobs (corpus_id, model_id, kind) values (\(corpus.id), \(one.id), 'reembed')"
    )
    let store = ModelStore(fixture.connection)
    #expect(try store.overview(one).openJobs == 1)
    try store.drop(one)
    #expect(try store.all() == [two])
    #expect(try fixture.count("items") == 1)
    #expect(try fixture.count("embeddings") == 1)
    #expect(try fixture.count("index_jobs") == 0)
    let tables = try fixture.texts(
      "select relname::text from pg_class where relname like \("embeddings_m\(one.id)%")")
    #expect(tables.isEmpty)
    // Its checksum may come again.
    let again = try fixture.addModel("m1")
    #expect(again.id != one.id)
    try fixture.embed(item, .molecule, again)
  }

  @Test func droppingLeavesTheChangeLogWhole() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let (one, two) = (try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2))
    for model in [two, one, two, one] {
      try fixture.connection.execute(
        "select record_change(\(corpus.id), \(model.id), '{7}', '{}')")
    }
    try ModelStore(fixture.connection).drop(one)
    #expect(
      try fixture.changes(corpus) == [
        "1: model \(two.id) 7 / ", "2: 7 / ", "3: model \(two.id) 7 / ", "4: 7 / ",
      ])
    #expect(
      try DatabaseCheck(coding: nil).run(fixture.connection, repair: false)
        .allSatisfy { $0.found == 0 })
  }

  /// The foreign key is what keeps models apart; the program need not be trusted.
  @Test func anEmbeddingOfAnotherCheckpointIsRefused() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let (one, two) = (try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2))
    let item = try fixture.addItem(corpus, smiles: "CC", sources: ["a"])
    let error = #expect(throws: PostgresError.self) {
      try fixture.connection.execute(
        """
        insert into embeddings (item_id, model_id, modality, checksum, vector)
        values (\(item), \(one.id), 1, \(two.checksum), \([UInt8](repeating: 0, count: 8)))
        """)
    }
    #expect(error?.sqlState == "23503")
  }

  /// It would wait for ever otherwise, and everyone behind it.
  @Test func droppingGivesUpWhileEmbeddingsAreRead() async throws {
    let fixture = try StoreFixture()
    let model = try fixture.addModel("m1")
    let reader = try Connection(fixture.settings)
    try reader.execute(unsafeScript: "begin; select count(*) from embeddings")
    let error = #expect(throws: PostgresError.self) {
      try ModelStore(fixture.connection).drop(model)
    }
    #expect(error?.advice?.contains("keeps what is needed locked") == true)
    try reader.execute("rollback")
    try ModelStore(fixture.connection).drop(model)
  }
}
