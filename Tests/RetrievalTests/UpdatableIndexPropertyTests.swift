import Retrieval
import Tensor
import Testing

/// Random changes, held against a dictionary of vectors.
@Suite struct UpdatableIndexPropertyTests {
  private static let columns = 9

  /// What the index should hold.
  private struct Model {
    var vectors: [Int64: [Float]] = [:]

    func answers(to queries: Matrix, count: Int, where isAllowed: (Int64) -> Bool = { _ in true })
      -> [[SearchHit]]
    {
      let ids = vectors.keys.filter(isAllowed).sorted()
      let rows = Matrix(
        rows: ids.count, columns: columns, values: ids.flatMap { vectors[$0] ?? [] })
      return (0..<queries.rows).map { query in
        NaiveSearch.ranking(ids: ids, vectors: rows, query: queries.row(query)).prefix(count).map {
          SearchHit(id: $0.id, score: Float($0.score))
        }
      }
    }
  }

  /// Confident enough for answers to be exact.
  private static func base(_ kind: IndexKind, _ exact: ExactIndex) -> any VectorIndex {
    kind == .coded
      ? CodedIndex(exact, configuration: CodedConfiguration(confidence: 8, recallSample: 1)) : exact
  }

  @Test(arguments: [(IndexKind.exact, 0), (.exact, 40), (.coded, 40), (.coded, 2_300)])
  func anyHistoryIsThatOfADictionary(kind: IndexKind, start: Int) throws {
    var source = RandomSource(seed: UInt64(start) + 3)
    func rows(_ count: Int) -> Matrix {
      NaiveSearch.integers(rows: count, columns: Self.columns, from: &source)
    }
    var model = Model()
    let first = rows(start)
    let ids = (0..<start).map { Int64($0 * 5 % 10_007) }
    for (row, id) in ids.enumerated() { model.vectors[id] = Array(first.row(row)) }
    var index = UpdatableIndex(
      Self.base(kind, try ExactIndex(ids: ids, vectors: HalfMatrix(rounding: first))))
    for step in 0..<24 {
      let before = index
      let expected = model.answers(
        to: Matrix(rows: 1, columns: Self.columns, repeating: 1), count: 5)
      switch source.next() % 8 {
      case 0..<4:
        let count = Int(source.next() % 20)
        let added = rows(count)
        let names = Array(source.permutation(60).prefix(count)).map { Int64($0) - 9 }
        for (row, id) in names.enumerated() { model.vectors[id] = Array(added.row(row)) }
        index = try index.adding(ids: names, vectors: HalfMatrix(rounding: added))
      case 4..<7:
        let gone = Array(source.permutation(70).prefix(15)).map { Int64($0) - 9 }
        for id in gone { model.vectors[id] = nil }
        index = index.removing(ids: gone)
      default:
        index = index.compacted()
        #expect(index.count == index.liveCount)
      }
      #expect(index.liveCount == model.vectors.count)
      let queries = rows(3)
      for count in [1, 10, 5_000] {
        #expect(
          index.search(queries: queries, count: count) == model.answers(to: queries, count: count),
          "step \(step)")
      }
      let all = index.ids
      let allowed = RowSet(count: index.count) { all[$0] % 3 == 0 }
      #expect(
        index.search(queries: queries, count: 10, allowed: allowed)
          == model.answers(to: queries, count: 10) { $0 % 3 == 0 })
      for id in [Int64(-9), 0, 5, 30] {
        #expect((index.row(of: id) != nil) == (model.vectors[id] != nil))
        if let row = index.row(of: id) { #expect(all[row] == id) }
      }
      #expect(
        before.search(queries: Matrix(rows: 1, columns: Self.columns, repeating: 1), count: 5)
          == expected)
    }
  }

  @Test func aRefusedVectorNamesItsItem() throws {
    let empty = UpdatableIndex(
      try ExactIndex(ids: [], vectors: HalfMatrix(rows: 0, columns: 2, bits: [])))
    #expect(throws: VectorError(id: 4, reason: .repeatedID)) {
      try empty.adding(ids: [4, 4], vectors: HalfMatrix(rows: 2, columns: 2, bits: [0, 0, 0, 0]))
    }
    #expect(throws: VectorError(id: 4, reason: .notFinite(component: 1))) {
      try empty.adding(ids: [4], vectors: HalfMatrix(rows: 1, columns: 2, bits: [0, 0x7c00]))
    }
  }

  @Test func manyChangesAskForCompaction() throws {
    var index = UpdatableIndex(
      try ExactIndex(ids: [], vectors: HalfMatrix(rows: 0, columns: 1, bits: [])))
    #expect(!index.needsCompaction)
    index = try index.adding(
      ids: (0..<4_097).map { $0 },
      vectors: HalfMatrix(rows: 4_097, columns: 1, bits: [UInt16](repeating: 0, count: 4_097)))
    #expect(index.needsCompaction)
    #expect(!index.compacted().needsCompaction)
  }
}
