import AlignAPI
import Alignment
import ModelTestSupport
import Postgres
import Testing

/// Items of the first version of the schema, which have no key and no descriptors.
@Suite struct ItemContentCheckDatabaseTests {
  private func repair(_ fixture: StoreFixture, batch: Int = 3) throws -> CheckResult? {
    try DatabaseCheck(coding: nil).run(fixture.connection, repair: true, batch: batch)
      .first { $0.check.hasPrefix("items without key") }
  }

  @Test func columnsAreFilledIn() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let aspirin = try fixture.addItem(
      corpus, smiles: "CC(=O)Oc1ccccc1C(=O)O", text: "aspirin", sources: ["a"])
    let words = try fixture.addItem(corpus, text: "words", sources: ["b"])
    let result = try repair(fixture)
    #expect(result?.found == 2 && result?.isClean == true)
    let row = try fixture.connection.query(
      """
      select molecular_weight, heavy_atoms, rings, octet_length(fingerprint), octet_length(screen),
        octet_length(content_key), molecule_key is not null
      from items where id = \(aspirin)
      """
    ).single()
    #expect(abs(try row.value(at: 0, as: Float.self) - 180.16) < 0.01)
    #expect(try row.value(at: 1, as: Int32.self) == 13)
    #expect(try row.value(at: 2, as: Int32.self) == 1)
    #expect(try row.value(at: 3, as: Int32.self) == 256)
    #expect(try row.value(at: 4, as: Int32.self) == 64)
    #expect(try row.value(at: 5, as: Int32.self) == 16)
    #expect(try row.value(at: 6, as: Bool.self))
    let text = try fixture.connection.query(
      """
      select content_key = substr(sha256('\\x00'::bytea || convert_to('words', 'UTF8')), 1, 16),
        molecule_key is null and fingerprint is null
      from items where id = \(words)
      """
    ).single()
    #expect(try text.value(at: 0, as: Bool.self))
    #expect(try text.value(at: 1, as: Bool.self))
    #expect(try fixture.changes(corpus) == ["1: \(aspirin),\(words) / "])
  }

  /// Whatever the batches are, the oldest of equal items stays, with all sources.
  @Test(arguments: [1, 2, 100])
  func equalItemsBecomeOne(batch: Int) throws {
    let fixture = try StoreFixture()
    let store = CorpusStore(fixture.connection)
    let (one, two) = (try store.findOrAdd("one"), try store.findOrAdd("two"))
    let model = try fixture.addModel("m1")
    let other = try fixture.addModel("m2", digit: 2)
    let kept = try fixture.addItem(
      one, smiles: "CCO", sources: ["a"], properties: #"{"name": "ethanol"}"#)
    let second = try fixture.addItem(
      one, smiles: "OCC", sources: ["b", "c"], properties: #"{"name": "alcohol"}"#)
    let third = try fixture.addItem(
      one, smiles: "C(O)C", sources: ["d"], properties: #"{"name": "ethanol"}"#)
    try fixture.addItem(one, smiles: "CCO", text: "with words", sources: ["e"])
    let elsewhere = try fixture.addItem(two, smiles: "OCC", sources: ["a"])
    try fixture.embed(kept, .molecule, model)
    try fixture.embed(second, .molecule, model)
    try fixture.embed(second, .molecule, other)
    try fixture.embed(third, .molecule, other)
    try fixture.embed(elsewhere, .molecule, model)

    #expect(try repair(fixture, batch: batch)?.isClean == true)
    #expect(try fixture.count("items") == 3)
    #expect(
      try fixture.texts(
        """
        select source_id || ' ' || coalesce(properties->>'name', '-') from item_sources
        where item_id = \(kept) order by source_id
        """) == ["a -", "b alcohol", "c alcohol", "d -"])
    #expect(
      try fixture.texts(
        "select model_id::text from embeddings where item_id = \(kept) order by model_id")
        == ["\(model.id)", "\(other.id)"])
    #expect(
      try fixture.texts("select corpus_id::text from items where smiles = 'OCC'")
        == ["\(two.id)"])
    let deleted = try fixture.texts(
      "select id::text from changes, unnest(deleted) as id order by id")
    #expect(deleted == ["\(second)", "\(third)"])
  }

  /// Another item may have been indexed with the key meanwhile; it is the one that stays.
  @Test func anItemThatHasTheKeyAlreadyStays() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let new = try fixture.addItem(corpus, smiles: "CCO", sources: ["new"])
    #expect(try repair(fixture)?.isClean == true)
    let old = try fixture.addItem(corpus, smiles: "OCC", sources: ["old"])
    // A column that a later version adds is filled in without a change of identity.
    try fixture.connection.execute("update items set screen = null where id = \(new)")
    #expect(try repair(fixture)?.found == 2)
    #expect(try fixture.texts("select id::text from items") == ["\(new)"])
    #expect(
      try fixture.texts("select source_id from item_sources order by source_id")
        == ["new", "old"])
    #expect(old > new)
  }

  @Test func aMoleculeThatCannotBeReadStaysAndIsReported() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let bad = try fixture.addItem(corpus, smiles: "C1CC", sources: ["bad"])
    for number in 0..<5 {
      try fixture.addItem(corpus, smiles: "C", text: "\(number)", sources: ["\(number)"])
    }
    let result = try #require(try repair(fixture, batch: 2))
    #expect(result.found == 6 && result.repaired == 5 && !result.isClean)
    #expect(
      try fixture.texts("select id::text from items where content_key is null") == ["\(bad)"])
  }
}
