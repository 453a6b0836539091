import AlignAPI
import Alignment
import ModelTestSupport
import Postgres
import Tensor
import Testing

/// Databases that break one rule each, and what the repair leaves.
@Suite struct DatabaseCheckDatabaseTests {
  private func results(
    _ fixture: StoreFixture, repair: Bool = false, batch: Int = 2,
    coding: DatabaseCheck.Coding? = nil
  ) throws -> [CheckResult] {
    try DatabaseCheck(coding: coding).run(fixture.connection, repair: repair, batch: batch)
      .filter { $0.found > 0 }
  }

  /// An item as the program of today would store it.
  private func addWholeItem(
    _ fixture: StoreFixture, _ corpus: StoredCorpus, text: String, sources: [String]
  ) throws -> Int64 {
    let item = try fixture.addItem(corpus, text: text, sources: sources)
    try fixture.connection.execute(
      "update items set content_key = substr(sha256(convert_to(\("\u{1}" + text), 'UTF8')), 1, 16) where id = \(item)"
    )
    return item
  }

  @Test func anEmptyDatabaseIsClean() throws {
    let fixture = try StoreFixture()
    var seen: [String] = []
    let check = DatabaseCheck(coding: nil)
    let all = try check.run(
      fixture.connection, repair: false, report: { name, _ in seen.append(name) })
    #expect(all.count == check.count && seen == all.map(\.check))
    #expect(all.allSatisfy { $0.found == 0 && $0.isClean && $0.examples.isEmpty })
    #expect(try DatabaseCheck(coding: nil).run(fixture.connection, repair: true) == all)
  }

  @Test func itemsWithoutASourceGo() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let whole = try addWholeItem(fixture, corpus, text: "whole", sources: ["a"])
    for number in 0..<7 {
      _ = try addWholeItem(fixture, corpus, text: "lost \(number)", sources: [])
    }
    let found = try results(fixture)
    #expect(found.map(\.check) == ["items without a source id"])
    #expect(found.map(\.found) == [7] && found.map(\.repaired) == [0])
    #expect(found[0].examples.count == 5)
    #expect(try fixture.count("items") == 8)

    let repaired = try results(fixture, repair: true)
    #expect(repaired.map(\.repaired) == [7] && repaired.allSatisfy { $0.isClean })
    #expect(try fixture.texts("select id::text from items") == ["\(whole)"])
    // Four batches, each with its version.
    #expect(try fixture.changes(corpus).count == 4)
    #expect(try results(fixture).isEmpty)
  }

  @Test func sourceIDsOfAnotherCorpusGo() throws {
    let fixture = try StoreFixture()
    let store = CorpusStore(fixture.connection)
    let (one, two) = (try store.findOrAdd("one"), try store.findOrAdd("two"))
    let item = try addWholeItem(fixture, one, text: "t", sources: ["a"])
    try fixture.addSource("b", of: item, in: two)
    #expect(try results(fixture).map(\.examples) == [["b of corpus \(two.id)"]])
    #expect(try results(fixture, repair: true).allSatisfy { $0.isClean })
    #expect(try fixture.texts("select source_id from item_sources") == ["a"])
  }

  @Test func embeddingsOfTheWrongLengthOrSideGo() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let model = try fixture.addModel("m1")
    let items = try (0..<4).map {
      try addWholeItem(fixture, corpus, text: "\($0)", sources: ["\($0)"])
    }
    try fixture.embed(items[0], .text, model)
    try fixture.embed(items[1], .text, model, numbers: 3)
    try fixture.embed(items[2], .text, model, numbers: 5)
    try fixture.embed(items[3], .text, model, numbers: 1)
    try fixture.embed(items[3], .molecule, model)
    let found = try results(fixture)
    #expect(
      found.map(\.check) == [
        "embeddings of the wrong length",
        "embeddings of a molecule or text that their item does not have",
      ])
    #expect(found.map(\.found) == [3, 1])
    #expect(found[1].examples == ["item \(items[3]), model m1"])
    #expect(try results(fixture, repair: true).allSatisfy { $0.isClean })
    #expect(try fixture.texts("select item_id::text from embeddings") == ["\(items[0])"])
    let changes = try fixture.changes(corpus)
    #expect(changes.count == 3)
    #expect(changes.allSatisfy { $0.contains("model \(model.id)") && $0.hasSuffix("/ ") })
  }

  /// The foreign key has to go before such a row can be made at all.
  @Test func embeddingsOfAnotherCheckpointGo() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let model = try fixture.addModel("m1")
    let item = try addWholeItem(fixture, corpus, text: "t", sources: ["a"])
    try fixture.embed(item, .text, model)
    let names = try fixture.texts(
      """
      select conname::text from pg_constraint
      where conrelid = 'embeddings'::regclass and contype = 'f' and confrelid = 'models'::regclass
      """)
    for name in names {
      try fixture.connection.execute("alter table embeddings drop constraint \(identifier: name)")
    }
    try fixture.connection.execute(
      "update embeddings set checksum = \(String(repeating: "f", count: 64))")
    #expect(
      try results(fixture).map(\.check) == ["embeddings of another checkpoint than their model's"])
    #expect(try results(fixture, repair: true).allSatisfy { $0.isClean })
    #expect(try fixture.count("embeddings") == 0)
  }

  @Test func modelsWithoutTablesGetThem() throws {
    let fixture = try StoreFixture()
    let model = try fixture.addModel("m1")
    try fixture.connection.execute("drop table \(identifier: "embeddings_m\(model.id)")")
    #expect(try results(fixture).map(\.examples) == [["m1"]])
    #expect(try results(fixture, repair: true).allSatisfy { $0.isClean })
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    try fixture.embed(addWholeItem(fixture, corpus, text: "t", sources: ["a"]), .text, model)
  }

  @Test func chunksOfWorkThatIsDoneGoAndThoseForAnotherTryStay() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let model = try fixture.addModel("m1")
    for state in ["reading", "done", "failed", "cancelled"] {
      try fixture.connection.execute(
        """
        with job as (
          insert into index_jobs (corpus_id, model_id, kind, state, finished_at)
          values (\(corpus.id), \(model.id), 'reembed', \(state),
            case when \(state) <> 'reading' then now() end) returning id)
        insert into index_chunks (job_id, number, payload)
          select id, n, ''::bytea from job, generate_series(1, 3) as n
        """)
    }
    #expect(try results(fixture).map(\.found) == [3])
    #expect(try results(fixture, repair: true).allSatisfy { $0.isClean })
    #expect(
      try fixture.texts(
        """
        select distinct state from index_chunks join index_jobs on index_jobs.id = job_id
        order by state
        """) == ["cancelled", "failed", "reading"])
  }

  @Test func codesAreComputedWhereTheyAreMissingOrStale() throws {
    let fixture = try StoreFixture()
    let corpus = try CorpusStore(fixture.connection).findOrAdd("c")
    let models = [try fixture.addModel("m1"), try fixture.addModel("m2", digit: 2, dimension: 6)]
    // Stands for today's way: the first value's lower byte, eight times.
    let coding: DatabaseCheck.Coding = { vectors in
      (0..<vectors.rows).flatMap { row in
        [UInt8](
          repeating: UInt8(truncatingIfNeeded: vectors.bits[row * vectors.columns]), count: 8)
      }
    }
    for number in 0..<5 {
      let item = try addWholeItem(fixture, corpus, text: "\(number)", sources: ["\(number)"])
      for model in models { try fixture.embed(item, .text, model) }
    }
    let right = [UInt8](repeating: 0x3c, count: 8)
    try fixture.connection.execute(
      "update embeddings set code = \(right) where item_id % 2 = 0 and model_id = \(models[0].id)")
    try fixture.connection.execute(
      "update embeddings set code = \([UInt8](repeating: 1, count: 8)) where model_id = \(models[1].id)"
    )
    #expect(try results(fixture).isEmpty)
    let found = try results(fixture, coding: coding)
    #expect(found.map(\.check) == ["embeddings whose code is missing or stale"])
    #expect(found.map(\.found) == [8])
    #expect(try results(fixture, repair: true, coding: coding).allSatisfy { $0.isClean })
    let codes: Int = try fixture.connection.query(
      "select count(*) from embeddings where code = \(right)"
    ).single().value(at: 0)
    #expect(codes == 10)
    #expect(try fixture.changes(corpus).count == 6)
    #expect(try results(fixture, coding: coding).isEmpty)
  }
}
