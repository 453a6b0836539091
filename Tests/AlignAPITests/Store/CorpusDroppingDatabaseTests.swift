import AlignAPI
import Alignment
import ModelTestSupport
import Postgres
import Testing

@Suite struct CorpusDroppingDatabaseTests {
  private func fill(_ fixture: StoreFixture, items: Int) throws -> (StoredCorpus, StoredCorpus) {
    let store = CorpusStore(fixture.connection)
    let (one, two) = (try store.findOrAdd("one"), try store.findOrAdd("two"))
    let model = try fixture.addModel("m1")
    for number in 0..<items {
      let item = try fixture.addItem(one, smiles: "C", text: "\(number)", sources: ["\(number)"])
      try fixture.embed(item, .molecule, model)
    }
    let other = try fixture.addItem(two, smiles: "CC", sources: ["0"])
    try fixture.embed(other, .molecule, model)
    try fixture.connection.execute(
      """
      insert into index_jobs (corpus_id, model_id, kind) values (\(one.id), \(model.id), 'reembed')
      """)
    return (one, two)
  }

  @Test func corporaAreListedWithWhatTheyHold() throws {
    let fixture = try StoreFixture()
    let (one, two) = try fill(fixture, items: 3)
    let store = CorpusStore(fixture.connection)
    try fixture.addSource("again", of: 1, in: one)
    let overview = try store.overview()
    #expect(overview.map(\.corpus) == [one, two])
    #expect(overview[0].counts == CorpusCounts(items: 3, molecules: 3, texts: 3))
    #expect(overview[0].sources == 4)
    #expect(overview[0].shares.map(\.model.name) == ["m1"])
    #expect(overview[0].shares.map { overview[0].share($0) } == [0.5])
    #expect(overview[1].shares.map { overview[1].share($0) } == [1])
  }

  @Test func aCorpusGoesInBatchesAndLeavesOthers() throws {
    let fixture = try StoreFixture()
    let (one, two) = try fill(fixture, items: 7)
    var reports: [Int] = []
    #expect(
      try CorpusStore(fixture.connection).drop(
        one, batch: 3, report: { reports.append($0.deleted) }))
    #expect(reports == [3, 6, 7])
    #expect(try CorpusStore(fixture.connection).all() == [two])
    for table in ["items", "item_sources", "embeddings"] {
      #expect(try fixture.count(table) == 1)
    }
    #expect(try fixture.count("index_jobs") == 0)
  }

  /// Each batch has its entry in the change log, so that servers forget the items at once.
  @Test func droppingCanBeStoppedAndGoesOn() throws {
    let fixture = try StoreFixture()
    let (one, _) = try fill(fixture, items: 7)
    let store = CorpusStore(fixture.connection)
    var batches = 0
    let isDone = try store.drop(
      one, batch: 3, shouldStop: { batches == 1 }, report: { _ in batches += 1 })
    #expect(!isDone)
    #expect(try store.counts(one).items == 4)
    let changes = try fixture.changes(one)
    #expect(changes.count == 1)
    #expect(changes[0].hasPrefix("1:  / "))
    #expect(try fixture.texts("select state from index_jobs") == ["cancelled"])
    #expect(try store.drop(one, batch: 3))
    #expect(try store.find("one") == nil)
  }
}
