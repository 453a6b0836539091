import Alignment
import ModelTestSupport
import Molecule
import Postgres
import Tensor
import Testing

@testable import AlignAPI
@testable import HTTPAPI

/// Filtered searches against a full sort of the items that a plain predicate lets through.
struct FilteredSearchDatabaseTests {
  let fixture: SearchFixture
  let engine: SearchEngine
  let database: ConnectionSettings

  init() throws {
    fixture = try SearchFixture.shared()
    database = try fixture.makeDatabase()
    engine = try SearchEngine(checkpoint: fixture.checkpoint, database: database)
  }

  /// The compounds that a search must answer with, best first.
  private func expected(
    _ text: String, _ isAllowed: (SearchFixture.Compound, Int) throws -> Bool
  ) rethrows -> [String] {
    let all = fixture.nearest(
      to: fixture.checkpoint.model.encode([text]).row(0), among: 0..<60, in: fixture.molecules)
    var allowed: Set<String> = []
    for (row, compound) in fixture.compounds.enumerated() where try isAllowed(compound, row) {
      allowed.insert(compound.id)
    }
    return all.filter(allowed.contains)
  }

  private func found(_ text: String, _ json: String, count: Int = 60) async throws -> [String] {
    try await engine.search(
      SearchRequest(
        SearchQuery(text: text), target: .molecules, count: count,
        filter: SearchFilter(json: json))
    ).results.map(\.sourceID)
  }

  private static func graph(_ compound: SearchFixture.Compound) throws -> MolecularGraph {
    try SMILESReader.read(compound.smiles)
  }

  private static func fingerprint(_ smiles: String) throws -> BitFingerprint {
    var generator = MorganGenerator(radius: 2)
    return generator.bits(of: try SMILESReader.read(smiles), size: 2048)
  }

  private static func has(_ smarts: String, _ compound: SearchFixture.Compound) throws -> Bool {
    try SMARTSPattern(parsing: smarts).occurs(in: MatchTarget(graph(compound)))
  }

  @Test func everyFilterLetsThroughWhatAPredicateDoes() async throws {
    let text = "an anti-inflammatory drug"
    let rows = fixture.compounds.indices
    let cases: [(json: String, isAllowed: (SearchFixture.Compound, Int) throws -> Bool)] = [
      (#"{"corpus": "bare"}"#, { SearchFixture.bare.contains($1) }),
      (#"{"corpus": "nowhere"}"#, { _, _ in false }),
      (#"{"kind": "pair"}"#, { SearchFixture.pairs.contains($1) }),
      (#"{"kind": "molecule"}"#, { _, _ in true }),
      (
        #"{"descriptor": "molecular_weight", "min": 200, "max": 350}"#,
        { compound, _ in
          (200...350).contains(
            Float(MolecularDescriptors(of: try Self.graph(compound)).molecularWeight))
        }
      ),
      (
        #"{"descriptor": "aromatic_rings", "max": 0}"#,
        { compound, _ in MolecularDescriptors(of: try Self.graph(compound)).rings.aromatic == 0 }
      ),
      (#"{"property": "row", "min": 10, "max": 12}"#, { (10...12).contains($1) }),
      (
        #"{"property": "name", "equals": "\#(fixture.compounds[17].name)"}"#,
        { $1 == 17 }
      ),
      (#"{"substructure": "c1ccccc1"}"#, { compound, _ in try Self.has("c1ccccc1", compound) }),
      (
        #"{"not": {"substructure": "C(=O)O"}}"#,
        { compound, _ in try !Self.has("C(=O)O", compound) }
      ),
      (
        #"{"and": [{"substructure": "N"}, {"not": {"substructure": "c1ccccc1"}}]}"#,
        { compound, _ in try Self.has("N", compound) && !Self.has("c1ccccc1", compound) }
      ),
      (
        #"{"or": [{"substructure": "S"}, {"property": "row", "max": 3}]}"#,
        { compound, row in try Self.has("S", compound) || row <= 3 }
      ),
      (
        #"{"similar_to": "\#(fixture.compounds[5].smiles.replacing("\\", with: "\\\\"))", "tanimoto": 0.2}"#,
        { [fixture] compound, _ in
          try Self.fingerprint(compound.smiles)
            .similarity(to: Self.fingerprint(fixture.compounds[5].smiles)) >= 0.2
        }
      ),
      (
        #"{"text_contains": "INHIBITOR"}"#,
        { compound, row in
          SearchFixture.pairs.contains(row) && compound.text.lowercased().contains("inhibitor")
        }
      ),
    ]
    for (json, isAllowed) in cases {
      let expected = try expected(text, isAllowed)
      // Twice: the second time what was found out is remembered.
      #expect(try await found(text, json) == expected, "\(json)")
      #expect(try await found(text, json) == expected, "\(json)")
      #expect(try await found(text, json, count: 3) == Array(expected.prefix(3)), "\(json)")
    }
    #expect(rows.count == 60)
  }

  /// Wild cards and quotes of SQL mean themselves.
  @Test func piecesOfTextAreTakenLiterally() async throws {
    for piece in ["%", "_", "\\\\", "'; drop table items; --"] {
      #expect(try await found("x", #"{"text_contains": "\#(piece)"}"#).isEmpty, "\(piece)")
    }
  }

  @Test func randomSetsOfRowsAreSearchedExactly() async throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      let chosen = Set((0..<60).filter { _ in Bool.random(using: &generator) })
      let parts = chosen.map { #"{"property": "row", "min": \#($0), "max": \#($0)}"# }
      let json = #"{"or": [\#(parts.joined(separator: ", "))]}"#
      let expected = expected("a steroid") { _, row in chosen.contains(row) }
      #expect(try await found("a steroid", json) == expected)
    }
  }

  @Test func pagesNeitherRepeatNorMissWhileItemsAreAdded() async throws {
    let live = try SearchEngine(
      checkpoint: fixture.checkpoint, database: database, follows: true)
    defer { live.follower.stop() }
    let connection = try Connection(database)
    try connection.execute("insert into corpora (name) values ('late')")
    for ranking in [SearchRanking.embedding, .words, .fused] {
      func page(_ cursor: SearchCursor?, _ count: Int) async throws -> SearchAnswer {
        try await live.search(
          SearchRequest(
            SearchQuery(text: "an inhibitor of an enzyme for the treatment of pain"),
            target: .molecules, count: count, ranking: ranking, cursor: cursor))
      }
      let whole = try await page(nil, 1000).results
      var pages: [SearchResult] = []
      var cursor: SearchCursor?
      var number = 0
      repeat {
        let answer = try await page(cursor, 7)
        pages += answer.results
        cursor = answer.cursor
        try fixture.insert([number], into: "late", hasTexts: true, connection)
        number += 1
        let items = live.corpora.itemCount
        let start = ContinuousClock.now
        while live.corpora.itemCount == items, .now - start < .seconds(5) {
          try await Task.sleep(for: .milliseconds(5))
        }
      } while cursor != nil && number < 20
      #expect(pages.map(\.id) == whole.map(\.id), "\(ranking)")
      #expect(pages.map(\.rank) == Array(1...whole.count), "\(ranking)")
      try connection.execute(
        """
        delete from items using corpora where corpus_id = corpora.id and name = 'late'
        """)
      try connection.execute(
        """
        select record_change(id, null, '{}', (select array_agg(item_id) from (
          select unnest(written) as item_id from changes where corpus_id = corpora.id) w))
        from corpora where name = 'late'
        """)
      let start = ContinuousClock.now
      while live.corpora.itemCount != 60, .now - start < .seconds(5) {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  @Test func fingerprintsRankByTanimoto() async throws {
    let query = fixture.compounds[8]
    let bits = try Self.fingerprint(query.smiles)
    let expected = try fixture.compounds.enumerated().map { row, compound in
      (compound.id, Float(bits.similarity(to: try Self.fingerprint(compound.smiles))), row)
    }.sorted { (-$0.1, $0.2) < (-$1.1, $1.2) }
    let answer = try await engine.search(
      SearchRequest(
        SearchQuery(smiles: query.smiles), target: .molecules, count: 12, ranking: .fingerprint))
    #expect(answer.results.map(\.sourceID) == expected.prefix(12).map(\.0))
    #expect(answer.results.map(\.score) == expected.prefix(12).map(\.1))
    #expect(answer.index == nil)
  }

  @Test func fusedResultsCarryTheirRanks() async throws {
    let answer = try await engine.search(
      SearchRequest(
        SearchQuery(text: fixture.compounds[3].text), target: .molecules, count: 5,
        ranking: .fused))
    #expect(answer.results[0].ranks[.words] != nil || answer.results[0].ranks[.embedding] != nil)
    #expect(answer.results.contains { $0.sourceID == fixture.compounds[3].id })
    let scores = answer.results.map { result in
      result.ranks.values.reduce(0) { $0 + 1 / (60 + Double($1)) }
    }
    for (result, score) in zip(answer.results, scores) {
      #expect(abs(result.score - Float(score)) < 1e-6)
    }
  }

  @Test func groupsHaveOneMoleculeOfEachScaffold() async throws {
    let answer = try await engine.search(
      SearchRequest(
        SearchQuery(text: "a drug"), target: .molecules, count: 100, groupsByScaffold: true))
    let scaffolds = try fixture.compounds.map {
      try SMILESReader.read($0.smiles).murckoScaffold().canonicalSMILES()
    }
    #expect(answer.results.count == Set(scaffolds).count)
    #expect(Set(answer.results.compactMap(\.scaffold)) == Set(scaffolds))
    #expect(answer.results.compactMap(\.groupSize).reduce(0, +) == 60)
    #expect(answer.results.map(\.score) == answer.results.map(\.score).sorted(by: >))
  }

  @Test func diverseResultsStartWithTheBest() async throws {
    let plain = try await engine.search(
      SearchRequest(SearchQuery(text: "a drug"), target: .molecules, count: 10)
    ).results
    let diverse = try await engine.search(
      SearchRequest(SearchQuery(text: "a drug"), target: .molecules, count: 10, diversity: 0.7)
    ).results
    #expect(diverse[0].id == plain[0].id)
    #expect(Set(diverse.map(\.id)).count == 10)
    #expect(diverse.map(\.id) != plain.map(\.id))
  }
}
