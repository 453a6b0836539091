import Retrieval
import Tensor
import Testing

@Suite struct CodedIndexTests {
  static let widths = [1, 63, 64, 65, 130, 769]

  private func index(
    rows: Int, columns: Int, precision: VectorPrecision = .half, seed: UInt64 = 1
  ) throws -> ExactIndex {
    var source = RandomSource(seed: seed)
    let vectors = source.normal(rows: rows, columns: columns, standardDeviation: 1)
    return try ExactIndex(
      ids: source.permutation(rows).map { Int64($0) },
      vectors: StoredVectors(rounding: vectors, to: precision))
  }

  @Test(arguments: widths, CodeBits.allCases)
  func nearlyEverythingIsFoundAtAnyWidth(columns: Int, bits: CodeBits) throws {
    let exact = try index(rows: 2_600, columns: columns)
    let coded = CodedIndex(exact, configuration: CodedConfiguration(bits: bits, recallSample: 20))
    var source = RandomSource(seed: 8)
    let queries = source.normal(rows: 30, columns: columns, standardDeviation: 1)
    let recall = IndexRecall(
      of: coded.search(queries: queries, count: 10),
      against: exact.search(queries: queries, count: 10))
    #expect(recall.recallAt10 >= 0.98)
    #expect(coded.recall?.queries == 20)
    #expect((coded.recall?.recallAt10 ?? 0) >= 0.98)
  }

  @Test(arguments: VectorPrecision.allCases)
  func scoresAreThoseOfTheStoredVectors(precision: VectorPrecision) throws {
    let exact = try index(rows: 3_000, columns: 33, precision: precision)
    let coded = CodedIndex(exact, configuration: CodedConfiguration(confidence: 6))
    var source = RandomSource(seed: 2)
    let queries = source.normal(rows: 5, columns: 33, standardDeviation: 1)
    #expect(
      coded.search(queries: queries, count: 25) == exact.search(queries: queries, count: 25))
  }

  @Test func equalRowsAreListedById() throws {
    let exact = try ExactIndex(
      ids: (0..<3_000).map { Int64(3_000 - $0) },
      vectors: StoredVectors(
        rounding: Matrix(rows: 3_000, columns: 3, repeating: 0.5), to: .half))
    let coded = CodedIndex(exact)
    let found = coded.search(queries: Matrix(rows: 1, columns: 3, repeating: 1), count: 50)
    #expect(found[0].map(\.id) == Array(1...50))
  }

  @Test func anEmptyIndexAnswersWithNothing() throws {
    let empty = CodedIndex(try index(rows: 0, columns: 5))
    #expect(empty.search(queries: Matrix(rows: 2, columns: 5), count: 3) == [[], []])
    #expect(empty.count == 0)
    #expect(empty.recall?.recallAt10 == 1)
  }

  @Test func aQueryOfZerosFindsTheLowestIds() throws {
    let coded = CodedIndex(try index(rows: 3_000, columns: 64))
    let found = coded.search(queries: Matrix(rows: 1, columns: 64), count: 4)
    #expect(found[0].map(\.id) == [0, 1, 2, 3])
    #expect(found[0].allSatisfy { $0.score == 0 })
  }

  @Test(arguments: widths)
  func lessConfidenceStillFindsMost(columns: Int) throws {
    let exact = try index(rows: 6_000, columns: columns)
    let coded = CodedIndex(
      exact, configuration: CodedConfiguration(confidence: 1.6, recallSample: 0))
    var source = RandomSource(seed: 18)
    let queries = source.normal(rows: 64, columns: columns, standardDeviation: 1)
    let recall = IndexRecall(
      of: coded.search(queries: queries, count: 10),
      against: exact.search(queries: queries, count: 10))
    #expect(recall.recallAt10 >= 0.95)
  }

  @Test func equalRowsAmongOthersAreListedById() throws {
    var source = RandomSource(seed: 3)
    var vectors = source.normal(rows: 5_000, columns: 130, standardDeviation: 1)
    let query = source.normal(rows: 1, columns: 130, standardDeviation: 1)
    for row in stride(from: 11, to: 5_000, by: 250) {
      for column in 0..<130 { vectors[row, column] = query[0, column] }
    }
    let exact = try ExactIndex(
      ids: (0..<5_000).map { Int64(5_000 - $0) },
      vectors: StoredVectors(rounding: vectors, to: .half))
    for confidence in [1.6, 2.4] as [Float] {
      let coded = CodedIndex(exact, configuration: CodedConfiguration(confidence: confidence))
      let found = coded.search(queries: query, count: 12)
      #expect(found == exact.search(queries: query, count: 12))
      #expect(found[0].map(\.id) == found[0].map(\.id).sorted())
      #expect(Set(found[0].map(\.score)).count == 1)
    }
  }
}
