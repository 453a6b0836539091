import Alignment
import ModelTestSupport
import Postgres
import Retrieval
import Tensor
import Testing

@testable import AlignAPI

/// Searches by pgvector against a plain sort of all scores, and against search in memory.
@Suite struct VectorTableSearchDatabaseTests {
  private func search(
    _ engine: SearchEngine, _ query: [Float], _ target: SearchTarget = .molecules,
    count: Int = 10, filter: SearchFilter? = nil, corpus: String? = nil
  ) async throws -> SearchAnswer {
    try await engine.search(
      SearchRequest(
        SearchQuery(vector: query, dimension: 16), target: target, count: count, corpus: corpus,
        filter: filter))
  }

  @Test(arguments: VectorColumnType.allCases)
  func everyTypeFindsWhatASortFinds(type: VectorColumnType) async throws {
    let fixture = try VectorFixture.searched(type)
    let table = try #require(try VectorTable.all(fixture.connect()).first)
    let measured = try #require(table.measured)
    #expect(try #require(measured.recallOfMolecules) >= 0.99)
    #expect(try #require(measured.recallOfTexts) >= 0.99)
    let (engine, memory) = (try fixture.engine(), try fixture.engine(.exact))
    for (target, matrix) in [(SearchTarget.molecules, fixture.vectors), (.texts, fixture.texts)] {
      var recall = 0.0
      let queries = VectorFixture.queries(20)
      for query in queries {
        let answer = try await search(engine, query, target)
        let exact = fixture.scores(query, in: matrix) { _ in true }
        #expect(answer.results.count == 10)
        recall += VectorFixture.recall(answer.results.map(\.score), of: Array(exact.prefix(10)))
        #expect(answer.index?.kind == .pgvector)
        #expect(answer.index?.recall == measured.recall(target.modality))
        // A score is the same bits as in memory.
        let there = try await search(memory, query, target, count: 50).results
        for result in answer.results {
          guard let same = there.first(where: { $0.id == result.id }) else { continue }
          #expect(same.score == result.score)
        }
      }
      #expect(recall / Double(queries.count) >= 0.99, "\(type), \(target)")
    }
  }

  @Test(arguments: VectorColumnType.allCases)
  func filtersOfAnySelectivityLeaveNothingOut(type: VectorColumnType) async throws {
    let fixture = try VectorFixture.searched(type)
    let engine = try fixture.engine()
    for allowed in [0, 1, 3, 30, 300, 900, 1_500, 2_700, 3_000] {
      var recall = 0.0
      let queries = VectorFixture.queries(8)
      for query in queries {
        let answer = try await search(
          engine, query,
          filter: .number(name: "row", try #require(NumberRange(nil, Double(allowed - 1)))))
        let exact = fixture.scores(query, in: fixture.vectors) { $0 < allowed }
        #expect(answer.results.count == min(10, allowed))
        #expect(answer.results.allSatisfy { $0.id <= Int64(allowed) })
        recall += VectorFixture.recall(answer.results.map(\.score), of: Array(exact.prefix(10)))
      }
      #expect(recall / Double(queries.count) >= 0.99, "\(type), \(allowed) allowed")
    }
  }

  /// The items that are far from a query are the last that a graph gives.
  @Test func filtersAgainstTheQueryLeaveNothingOut() async throws {
    let fixture = try VectorFixture.searched(.halfvec)
    let engine = try fixture.engine()
    let query = Array(fixture.search.molecules.row(0))
    let order = fixture.scores(query, in: fixture.vectors) { _ in true }
    let middle = order[1_500]
    let far = (0..<VectorFixture.items).filter { row in
      zip(query, fixture.vectors.row(row)).reduce(0) { $0 + $1.0 * $1.1 } < middle
    }
    try fixture.connect().execute(
      """
      insert into item_numbers (item_id, name, value)
      select unnest(\(far.map { Int64($0 + 1) })), 'far', 1
      """)
    let answer = try await search(
      engine, query, filter: .number(name: "far", try #require(NumberRange(1, nil))))
    let exact = fixture.scores(query, in: fixture.vectors) { far.contains($0) }
    #expect(answer.results.count == 10)
    #expect(VectorFixture.recall(answer.results.map(\.score), of: Array(exact.prefix(10))) == 1)
  }

  @Test func corporaAndPagesAreThoseOfSearchInMemory() async throws {
    let fixture = try VectorFixture.searched(.halfvec)
    let (engine, memory) = (try fixture.engine(), try fixture.engine(.exact))
    for query in VectorFixture.queries(2) {
      let odd = try await search(engine, query, corpus: "odd").results
      #expect(odd.allSatisfy { $0.id % 2 == 0 } && odd.count == 10)
      #expect(
        odd.map(\.id) == (try await search(memory, query, corpus: "odd").results.map(\.id)))
      var pages: [Int64] = []
      var cursor: SearchCursor?
      repeat {
        let page = try await engine.search(
          SearchRequest(
            SearchQuery(vector: query, dimension: 16), target: .molecules, count: 30,
            cursor: cursor))
        pages += page.results.map(\.id)
        cursor = page.cursor
      } while cursor != nil && pages.count < 300
      #expect(Set(pages).count == 300)
      let exact = try await search(memory, query, count: 300).results.map(\.id)
      #expect(Set(pages).intersection(exact).count >= 297)
    }
    // More than a graph is walked for.
    let all = try await search(engine, VectorFixture.queries(1)[0], count: 1_000).results
    #expect(all.count == 1_000)
  }

  /// Otherwise the tests above would have compared one scan with another.
  @Test func graphIsWalked() throws {
    let fixture = try VectorFixture.searched(.halfvec)
    let plan = try fixture.connect().query(
      """
      explain select item_id from vectors_m1 where modality = 1
      order by v <#> array_fill(0.25::real, array[16])::halfvec limit 40
      """
    ).map { try $0.value(at: 0, as: String.self) }
    #expect(plan.contains { $0.contains("Index Scan using vectors_m1_molecule") }, "\(plan)")
  }

  @Test func noVectorsAreHeldInMemory() async throws {
    let fixture = try VectorFixture.searched(.halfvec)
    let loaded = try fixture.engine().corpora
    #expect(loaded.count(.molecules) == 3_000 && loaded.count(.texts) == 3_000)
    #expect(loaded.corpora.map(\.molecules.memoryBytes).reduce(0, +) < 9 * 3_000)
    #expect(loaded.corpora.allSatisfy { $0.molecules.kind == .pgvector })
  }

  @Test func snapshotWithoutVectorsIsReadAgain() async throws {
    let fixture = try VectorFixture.searched(.halfvec)
    let folder = try IndexFixture.makeFolder() + "/snapshot"
    func start(_ kind: IndexKind) throws -> SearchEngine {
      try SearchEngine(
        checkpoint: fixture.search.checkpoint, database: fixture.database,
        policy: IndexPolicy(kind: kind), follows: true, snapshot: folder)
    }
    let query = VectorFixture.queries(1)[0]
    var answers: [[Int64]] = []
    for kind in [IndexKind.exact, .pgvector, .exact, .pgvector] {
      let engine = try start(kind)
      answers.append(try await search(engine, query).results.map(\.id))
      engine.follower.stop()
    }
    #expect(answers.allSatisfy { $0 == answers[0] })
  }
}
