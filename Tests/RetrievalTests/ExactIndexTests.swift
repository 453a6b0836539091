import Retrieval
import Tensor
import Testing

@Suite struct ExactIndexTests {
  private func index(_ rows: [[Float]], ids: [Int64]) throws -> ExactIndex {
    let width = rows.first?.count ?? 2
    let matrix = Matrix(rows: rows.count, columns: width, values: rows.flatMap { $0 })
    return try ExactIndex(ids: ids, vectors: HalfMatrix(rounding: matrix))
  }

  @Test func anEmptyIndexAnswersEveryQueryWithNothing() throws {
    let empty = try index([], ids: [])
    #expect(empty.search(queries: Matrix(rows: 3, columns: 2), count: 5) == [[], [], []])
  }

  @Test func noQueriesGiveNoAnswers() throws {
    let one = try index([[1, 0]], ids: [4])
    #expect(one.search(queries: Matrix(rows: 0, columns: 2), count: 5).isEmpty)
  }

  @Test func askingForNoneOrForMoreThanThereIsIsFine() throws {
    let two = try index([[1, 0], [0, 1]], ids: [4, 9])
    let query = Matrix(rows: 1, columns: 2, values: [0.25, 0.5])
    #expect(two.search(queries: query, count: 0) == [[]])
    #expect(
      two.search(queries: query, count: 7)
        == [[SearchHit(id: 9, score: 0.5), SearchHit(id: 4, score: 0.25)]])
  }

  @Test func theLargestValuesGiveFiniteScores() throws {
    let wide = try index([[65_504, -65_504], [-65_504, -65_504]], ids: [1, 2])
    let query = Matrix(rows: 1, columns: 2, values: [65_504, 65_504])
    let hits = wide.search(queries: query, count: 2)[0]
    #expect(hits.map(\.score) == [0, -2 * 65_504 * 65_504])
  }

  @Test func positiveAndNegativeZeroAreATie() throws {
    let zeros = try index([[0], [-1]], ids: [2, 1])
    let query = Matrix(rows: 1, columns: 1, values: [0])
    #expect(zeros.search(queries: query, count: 2)[0].map(\.id) == [1, 2])
  }

  @Test func anInfiniteValueIsRefusedByIdAndPlace() {
    #expect(throws: VectorError(id: 7, reason: .notFinite(component: 1))) {
      try index([[1, 2], [3, .infinity]], ids: [3, 7])
    }
    #expect(throws: VectorError(id: 3, reason: .notFinite(component: 0))) {
      try index([[.nan, 2], [3, 4]], ids: [3, 7])
    }
  }

  @Test func anIdThatComesTwiceIsRefused() {
    #expect(throws: VectorError(id: 3, reason: .repeatedID)) {
      try index([[1, 2], [3, 4], [5, 6]], ids: [3, 7, 3])
    }
  }

  @Test func aQueryThatIsNotANumberStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let one = try ExactIndex(ids: [1], vectors: HalfMatrix(rows: 1, columns: 1, bits: [0]))
      _ = one.search(queries: Matrix(rows: 1, columns: 1, values: [.nan]), count: 1)
    }
  }
}
