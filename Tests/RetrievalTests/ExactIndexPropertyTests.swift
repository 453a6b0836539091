import Retrieval
import Tensor
import Testing

@Suite struct ExactIndexPropertyTests {
  /// Rows below, at and above a block of rows; widths below, at and above the kernels' step.
  static let shapes: [(items: Int, dimension: Int)] = [
    (1, 1), (2, 3), (3, 16), (5, 17), (64, 15), (257, 31), (100, 512), (1_025, 64), (4_097, 5),
    (8_200, 9), (70, 1_000), (300, 1_024),
  ]

  private func shuffledIDs(_ count: Int, _ source: inout RandomSource) -> [Int64] {
    source.permutation(count).map { Int64($0) * 7 - 50 }
  }

  @Test(arguments: shapes)
  func hitsEqualAFullSortWithTiesById(items: Int, dimension: Int) throws {
    var source = RandomSource(seed: UInt64(items * 31 + dimension))
    let ids = shuffledIDs(items, &source)
    let vectors = NaiveSearch.integers(rows: items, columns: dimension, from: &source)
    let index = try ExactIndex(ids: ids, vectors: HalfMatrix(rounding: vectors))
    let queries = NaiveSearch.integers(rows: 11, columns: dimension, from: &source)
    let rankings = (0..<queries.rows).map {
      NaiveSearch.ranking(ids: ids, vectors: vectors, query: queries.row($0)).map {
        SearchHit(id: $0.id, score: Float($0.score))
      }
    }
    for batch in [1, 2, 3, 4, 7, 8, 11] {
      let batchQueries = queries.gatheringRows(Array(0..<batch))
      for count in [1, 10, items, items + 5] {
        let found = index.search(queries: batchQueries, count: count)
        #expect(found == rankings[..<batch].map { Array($0.prefix(count)) })
      }
    }
  }

  @Test(arguments: shapes)
  func scoresOfUnitVectorsAreCloseToDoublePrecision(items: Int, dimension: Int) throws {
    var source = RandomSource(seed: UInt64(items + dimension))
    let ids = shuffledIDs(items, &source)
    let unit = source.normal(rows: items, columns: dimension, standardDeviation: 1)
      .normalizedRows().unit
    let halves = HalfMatrix(rounding: unit)
    let index = try ExactIndex(ids: ids, vectors: halves)
    let queries = source.normal(rows: 3, columns: dimension, standardDeviation: 1)
      .normalizedRows().unit
    let found = index.search(queries: queries, count: 20)
    for (query, hits) in found.enumerated() {
      let ranking = NaiveSearch.ranking(
        ids: ids, vectors: halves.widened(), query: queries.row(query))
      let exact = Dictionary(uniqueKeysWithValues: ranking.map { ($0.id, $0.score) })
      for (hit, expected) in zip(hits, ranking) {
        #expect(abs(Double(hit.score) - expected.score) < 1e-6)
        #expect(abs(Double(hit.score) - (exact[hit.id] ?? .nan)) < 1e-6)
      }
    }
  }

  @Test func batchMatesDoNotChangeAHit() throws {
    var source = RandomSource(seed: 5)
    let vectors = source.normal(rows: 1_500, columns: 203, standardDeviation: 1)
    let index = try ExactIndex(
      ids: (0..<1_500).map(Int64.init), vectors: HalfMatrix(rounding: vectors))
    let queries = source.normal(rows: 16, columns: 203, standardDeviation: 1)
    let together = index.search(queries: queries, count: 30)
    for query in 0..<16 {
      #expect(index.search(queries: queries.gatheringRows([query]), count: 30) == [together[query]])
    }
    #expect(index.search(queries: queries, count: 30) == together)
  }

  @Test func equalScoresAreListedByIdAcrossBlocks() throws {
    let items = 10_000
    var source = RandomSource(seed: 8)
    let ids = shuffledIDs(items, &source)
    let index = try ExactIndex(
      ids: ids, vectors: HalfMatrix(rounding: Matrix(rows: items, columns: 4, repeating: 0.5)))
    let found = index.search(queries: Matrix(rows: 1, columns: 4, repeating: 1), count: 100)
    #expect(found[0].map(\.id) == Array(ids.sorted().prefix(100)))
    #expect(found[0].allSatisfy { $0.score == 2 })
  }
}
