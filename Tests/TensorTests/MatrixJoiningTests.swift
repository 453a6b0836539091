import Tensor
import Testing

@Suite struct MatrixJoiningTests {
  @Test func partsStandSideBySide() {
    let left = Matrix(rows: 2, columns: 1, values: [1, 2])
    let right = Matrix(rows: 2, columns: 2, values: [3, 4, 5, 6])
    let joined = Matrix.joiningColumns([left, right], factor: 0.5)
    #expect(joined == Matrix(rows: 2, columns: 3, values: [0.5, 1.5, 2, 1, 2.5, 3]))
  }

  @Test func nothingJoinsToNothing() {
    #expect(Matrix.joiningColumns([], factor: 1) == Matrix(rows: 0, columns: 0))
    let empty = Matrix(rows: 0, columns: 4)
    #expect(Matrix.joiningColumns([empty, empty], factor: 1) == Matrix(rows: 0, columns: 8))
  }

  @Test func unequalHeightsAreOurMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix.joiningColumns(
        [Matrix(rows: 1, columns: 1), Matrix(rows: 2, columns: 1)], factor: 1)
    }
  }
}
