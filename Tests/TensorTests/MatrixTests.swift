import Tensor
import Testing

struct MatrixTests {
  @Test func subscriptReadsAndWritesRowMajor() {
    var matrix = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
    #expect(matrix[1, 0] == 4)
    matrix[0, 2] = 9
    #expect(matrix.values == [1, 2, 9, 4, 5, 6])
    #expect(Array(matrix.row(1)) == [4, 5, 6])
  }

  @Test func anotherShapeKeepsTheStorage() {
    var matrix = Matrix(rows: 4, columns: 6, repeating: 1)
    func address() -> UInt {
      unsafe matrix.values.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
    let storage = address()
    for (rows, columns) in [(2, 3), (0, 5), (6, 4), (1, 1)] {
      matrix.reshape(rows: rows, columns: columns)
      #expect(matrix.rows == rows && matrix.columns == columns)
      #expect(matrix.values.count == rows * columns)
    }
    #expect(address() == storage)
    matrix.reshape(rows: 50, columns: 2)
    #expect(matrix.values.count == 100)
  }

  @Test func addedColumnsLeaveTheOthersAlone() {
    var matrix = Matrix(rows: 2, columns: 4, values: [1, 2, 3, 4, 5, 6, 7, 8])
    matrix.add(Matrix(rows: 2, columns: 2, values: [10, 20, 30, 40]), atColumn: 1)
    #expect(matrix.values == [1, 12, 23, 4, 5, 36, 47, 8])
  }

  @Test func addedColumnsThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix(rows: 2, columns: 4)
      matrix.add(Matrix(rows: 2, columns: 2), atColumn: 3)
    }
  }

  @Test func gatheredRowsComeInTheOrderAskedFor() {
    let matrix = Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5, 6])
    #expect(matrix.gatheringRows([2, 0, 2]).values == [5, 6, 1, 2, 5, 6])
    #expect(matrix.gatheringRows([]) == Matrix(rows: 0, columns: 2))
  }

  @Test(arguments: [(1, 1), (1, 70), (70, 1), (33, 65), (0, 4)])
  func transposingExchangesIndices(rows: Int, columns: Int) {
    let matrix = Matrix.random(rows, columns, seed: 1)
    let transposed = matrix.transposed()
    #expect(transposed.rows == columns && transposed.columns == rows)
    for row in 0..<rows {
      for column in 0..<columns { #expect(transposed[column, row] == matrix[row, column]) }
    }
    #expect(transposed.transposed() == matrix)
  }

  @Test func appendedRowsFollow() {
    let first = Matrix(rows: 1, columns: 2, values: [1, 2])
    let second = Matrix(rows: 2, columns: 2, values: [3, 4, 5, 6])
    #expect(
      first.appendingRows(of: second)
        == Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5, 6]))
  }

  @Test func valuesThatDoNotFitTheShapeTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix(rows: 2, columns: 2, values: [1, 2, 3])
    }
  }

  @Test func columnOutsideTheMatrixTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix(rows: 2, columns: 2)[0, 2]
    }
  }
}
