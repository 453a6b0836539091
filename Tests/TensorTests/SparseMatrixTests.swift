import Tensor
import Testing

struct SparseMatrixTests {
  @Test func transposingMatchesTheDenseMatrix() {
    let matrix = SparseMatrix.random(17, 9, density: 0.4, seed: 1)
    let transposed = matrix.transposed()
    #expect(transposed.rows == 9 && transposed.columns == 17)
    #expect(transposed.dense.values == matrix.dense.transposed().values)
    #expect(transposed.transposed() == matrix)
  }

  @Test func transposingAMatrixWithoutEntriesKeepsItsShape() {
    let matrix = SparseMatrix(columns: 5, sparseRows: [])
    let transposed = matrix.transposed()
    #expect(transposed.rows == 5 && transposed.columns == 0)
    #expect(transposed.offsets == [0, 0, 0, 0, 0, 0])
  }

  @Test func repeatedColumnsAddUp() {
    let row = SparseRow(columns: [1, 0, 1], values: [2, 5, 3])
    let matrix = SparseMatrix(columns: 2, sparseRows: [row])
    let dense = Matrix(rows: 2, columns: 1, values: [10, 100])
    #expect(matrix.product(dense).values == [550])
    #expect(matrix.transposed().dense.values == [5, 5])
  }

  @Test func columnOutsideTheMatrixTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = SparseMatrix(columns: 2, sparseRows: [SparseRow(columns: [2], values: [1])])
    }
  }

  @Test func rowWhoseValuesWereRemovedTraps() async {
    await #expect(processExitsWith: .failure) {
      var row = SparseRow(columns: [0, 1], values: [1, 1])
      row.values.removeLast()
      _ = SparseMatrix(columns: 2, sparseRows: [row])
    }
  }
}
