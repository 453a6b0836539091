import Retrieval
import Tensor
import Testing

/// Every kind of index under masks: exactly as many hits as are allowed, and the right ones.
@Suite struct MaskedSearchTests {
  static let shares: [Double] = [0.0001, 0.001, 0.01, 0.1, 0.3, 0.7, 1]

  /// Clustered vectors, some longer than others, as embeddings with a hubness coordinate are.
  static func clustered(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    let centers = source.normal(rows: 40, columns: columns, standardDeviation: 1)
    var vectors = source.normal(rows: rows, columns: columns, standardDeviation: 0.4)
    vectors.add(centers.gatheringRows((0..<rows).map { $0 * 7 % 40 }))
    return vectors
  }

  static let rows = 8_000
  static let exact: ExactIndex? = try? ExactIndex(
    ids: (0..<Int64(rows)).map { 3 * $0 - 100 },
    vectors: StoredVectors(rounding: clustered(rows: rows, columns: 65, seed: 4), to: .half))

  static let indexes: [any VectorIndex] = {
    guard let exact else { return [] }
    // Clusters far apart are hard for a graph.
    let careful = GraphConfiguration(construction: 300, breadth: 500)
    return [
      exact, CodedIndex(exact), GraphIndex(exact, configuration: careful),
      CodedIndex(exact, configuration: CodedConfiguration(confidence: 1.6)),
    ]
  }()

  @Test(arguments: shares)
  func theBestOfTheAllowedRowsAreFound(share: Double) throws {
    var source = RandomSource(seed: UInt64(share * 10_000))
    let allowed = RowSet(count: Self.rows) { row in
      row == 77 || Double(source.uniform()) < share
    }
    let exact = try #require(Self.exact)
    let queries = Self.clustered(rows: 24, columns: 65, seed: 9)
    let members = allowed.rows.map(Int.init)
    let rankings = try ExactIndex(
      ids: members.map { exact.ids[$0] },
      vectors: StoredVectors(
        rounding: exact.vectors.widened().gatheringRows(members), to: .half)
    ).search(queries: queries, count: 10)
    for index in Self.indexes {
      let found = index.search(queries: queries, count: 10, allowed: allowed)
      var right = 0
      for (hits, ranking) in zip(found, rankings) {
        #expect(hits.count == min(10, allowed.population))
        #expect(hits.allSatisfy { allowed.contains(Int(($0.id + 100) / 3)) })
        right += Set(hits.map(\.id)).intersection(ranking.map(\.id)).count
      }
      let wanted = queries.rows * min(10, allowed.population)
      let confidence = (index as? CodedIndex)?.configuration.confidence ?? 2.4
      let least = confidence < 2.4 ? 0.95 : 0.99
      #expect(Double(right) >= least * Double(wanted), "\(index.kind) \(share)")
    }
  }

  @Test func anEmptyMaskGivesNothing() {
    for index in Self.indexes {
      let none = RowSet(count: Self.rows)
      let queries = Self.clustered(rows: 2, columns: 65, seed: 1)
      #expect(index.search(queries: queries, count: 5, allowed: none) == [[], []])
    }
  }

  @Test func moreThanThereIsGivesAllOfIt() throws {
    let exact = try #require(Self.exact)
    let queries = Self.clustered(rows: 1, columns: 65, seed: 1)
    let everything = exact.search(queries: queries, count: Self.rows + 5)
    #expect(everything[0].count == Self.rows)
    for index in Self.indexes {
      #expect(index.search(queries: queries, count: Self.rows + 5) == everything)
    }
  }

  @Test func batchMatesAndMasksDoNotChangeAHit() throws {
    let queries = Self.clustered(rows: 70, columns: 65, seed: 2)
    let all = RowSet(count: Self.rows).complement
    for index in Self.indexes {
      let together = index.search(queries: queries, count: 20)
      #expect(index.search(queries: queries, count: 20, allowed: all) == together)
      for query in [0, 33, 69] {
        let alone = index.search(queries: queries.gatheringRows([query]), count: 20)
        #expect(alone == [together[query]])
      }
    }
  }
}
