import Alignment
import ModelTestSupport
import Postgres
import Tensor
import Testing

@testable import AlignAPI

@Suite struct SearchEngineDatabaseTests {
  let fixture: SearchFixture
  let database: ConnectionSettings

  init() throws {
    fixture = try SearchFixture.shared()
    database = try fixture.makeDatabase()
  }

  private func engine(waitingLimit: Int = 256) throws -> SearchEngine {
    try SearchEngine(checkpoint: fixture.checkpoint, database: database)
  }

  @Test func textFindsTheMoleculesOfAFullSort() async throws {
    let text = "a beta blocker"
    let expected = fixture.nearest(
      to: fixture.checkpoint.model.encode([text]).row(0), among: 0..<60, in: fixture.molecules)
    let answer = try await engine().search(
      SearchRequest(SearchQuery(text: text), count: 60))
    #expect(answer.results.map(\.sourceID) == expected)
    #expect(answer.results.map(\.rank) == Array(1...60))
    let scores = answer.results.map(\.score)
    #expect(scores == scores.sorted(by: >))
  }

  @Test func moleculeFindsTextsAndCarriesItsRow() async throws {
    let compound = fixture.compounds[3]
    let answer = try await engine().search(
      SearchRequest(SearchQuery(smiles: compound.smiles), count: 100))
    #expect(answer.results.count == 40)
    let own = try #require(answer.results.first { $0.sourceID == compound.id })
    #expect(own.smiles == compound.smiles)
    #expect(own.text == compound.text)
    #expect(own.corpus == "pairs")
    #expect(own.properties.text == "{\"name\": \"\(compound.name)\"}")
  }

  @Test func vectorOfAMoleculeFindsItFirst() async throws {
    let vector = Array(fixture.molecules.row(50)).map { $0 * 3 }
    let query = try SearchQuery(vector: vector, dimension: 16)
    let answer = try await engine().search(SearchRequest(query, count: 1))
    #expect(answer.results[0].sourceID == fixture.compounds[50].id)
    #expect(abs(answer.results[0].score - 1) < 2e-3)
  }

  @Test(arguments: [("pairs", SearchFixture.pairs), ("bare", SearchFixture.bare)])
  func corpusFilterIsExact(name: String, rows: Range<Int>) async throws {
    let query = fixture.texts.row(7)
    let expected = fixture.nearest(to: query, among: rows, in: fixture.molecules)
    let answer = try await engine().search(
      SearchRequest(
        SearchQuery(vector: Array(query), dimension: 16), count: 15, corpus: name))
    #expect(answer.results.map(\.sourceID) == Array(expected.prefix(15)))
    #expect(answer.results.allSatisfy { $0.corpus == name })
  }

  @Test func unknownCorpusIsRefused() async throws {
    let engine = try engine()
    await #expect(throws: SearchError.unknownCorpus("nowhere")) {
      try await engine.search(
        SearchRequest(SearchQuery(text: "x"), corpus: "nowhere"))
    }
  }

  @Test func concurrentQueriesOfAllKindsGetTheirOwnAnswers() async throws {
    let engine = try engine()
    let alone = try await engine.search(
      SearchRequest(SearchQuery(text: fixture.compounds[0].text), count: 5))
    try await withThrowingTaskGroup(of: (Int, SearchAnswer).self) { group in
      for number in 0..<64 {
        group.addTask { [fixture] in
          let compound = fixture.compounds[number % 60]
          let query =
            number.isMultiple(of: 2)
            ? try SearchQuery(text: fixture.compounds[0].text)
            : try SearchQuery(smiles: compound.smiles)
          return (
            number,
            try await engine.search(
              SearchRequest(query, target: .molecules, count: number.isMultiple(of: 2) ? 5 : 1))
          )
        }
      }
      for try await (number, answer) in group {
        if number.isMultiple(of: 2) {
          #expect(answer.results.map(\.id) == alone.results.map(\.id))
        } else {
          #expect(abs(answer.results[0].score - 1) < 2e-3)
        }
      }
    }
  }

  @Test func itemsDeletedSinceLoadingAreLeftOut() async throws {
    let engine = try engine()
    let query = try SearchQuery(text: "anything")
    let before = try await engine.search(SearchRequest(query, count: 6)).results
    try Connection(database).execute("delete from items where id = \(before[1].id)")
    let after = try await engine.search(SearchRequest(query, count: 5)).results
    // The next one takes the place.
    #expect(after.map(\.id) == (before.prefix(1) + before.dropFirst(2)).map(\.id))
    #expect(after.map(\.rank) == [1, 2, 3, 4, 5])
  }

  @Test func encodingInSlicesGivesTheModelsVectors() async throws {
    let inputs = try fixture.compounds.map { try SearchQuery(text: $0.text) }
    let found = try await engine().encode(inputs)
    let difference = zip(found.values, fixture.texts.values).map { abs($0 - $1) }.max()
    #expect(found.rows == 60)
    #expect(try #require(difference) < 1e-5)
  }

  /// More newer items than a ranking is looked at, all before the rest of the first page.
  @Test(arguments: [SearchRanking.embedding, .words, .fused])
  func pagesGoOnBehindAnyNumberOfNewerItems(ranking: SearchRanking) async throws {
    func page(_ engine: SearchEngine, _ count: Int, _ cursor: SearchCursor?) async throws
      -> SearchAnswer
    {
      try await engine.search(
        SearchRequest(
          SearchQuery(text: "an inhibitor of an enzyme for the treatment of pain"),
          count: count, ranking: ranking, cursor: cursor))
    }
    let before = try engine()
    let whole = try await page(before, 1000, nil).results
    let first = try await page(before, 2, nil)
    try copy(first.results[0].id, times: SearchRequest.depthLimit + 500)
    let after = try engine()
    #expect(after.corpora.itemCount == 60 + SearchRequest.depthLimit + 500)
    var pages = first.results
    var cursor = first.cursor
    while let place = cursor {
      let answer = try await page(after, 9, place)
      pages += answer.results
      cursor = answer.cursor
    }
    #expect(pages.map(\.id) == whole.map(\.id))
    #expect(pages.map(\.score) == whole.map(\.score))
  }

  /// Adds items with the content and the vectors of one.
  private func copy(_ item: Int64, times: Int) throws {
    let connection = try Connection(database)
    try connection.transaction {
      try connection.execute("insert into corpora (name) values ('late')")
      try connection.execute(
        """
        insert into items (corpus_id, smiles, text, properties, fingerprint, screen)
        select (select id from corpora where name = 'late'), smiles, text, properties, fingerprint,
          screen
        from items, generate_series(1, \(times)) where id = \(item)
        """)
      try connection.execute(
        """
        insert into embeddings (item_id, model_id, modality, checksum, vector)
        select items.id, model_id, modality, checksum, vector from items, embeddings
        where item_id = \(item)
          and corpus_id = (select id from corpora where name = 'late')
        """)
    }
  }
}
