import Foundation
import Testing

@testable import Tensor

struct TapeRowsGradientTests {
  @Test(arguments: [[0], [4, 0, 4, 2], []])
  func gatheringRows(indices: [Int]) {
    GradientCheck(
      inputs: [.random(5, 3, seed: 1)],
      operation: { $0.gatheringRows($1[0], indices) },
      reference: { x in DoubleMatrix(rows: indices.count, columns: 3) { x[0][indices[$0], $1] } }
    ).verify()
  }

  @Test(arguments: [1, 3, 33, 70])
  func gatheringRowsWithRepeatsAndOmissions(width: Int) {
    let indices = [4, 0, 0, 2, 4, 4, 1]
    GradientCheck(
      inputs: [.random(6, width, seed: 1)],
      operation: { $0.gatheringRows($1[0], indices) },
      reference: { x in
        DoubleMatrix(rows: indices.count, columns: width) { x[0][indices[$0], $1] }
      }
    ).verify()
  }

  /// Cores share the columns of a large sum; every column still adds in the order of the indices.
  @Test func sumsOfManyRowsHaveTheBitsOfOneCore() {
    let rows = Matrix.random(500, 70, seed: 11)
    let indices = (0..<500).map { $0 * $0 % 7 }
    var expected = Matrix(rows: 8, columns: 70)
    for (row, index) in indices.enumerated() {
      for column in 0..<70 { expected[index, column] += rows[row, column] }
    }
    #expect(rows.scatteringRows(indices, rows: 8) == expected)
  }

  @Test(arguments: [[2], [1, 4, 1], []])
  func addingRows(indices: [Int]) {
    GradientCheck(
      inputs: [.random(5, 3, seed: 2), .random(indices.count, 3, seed: 3)],
      operation: { $0.addingRows($1[0], $1[1], at: indices) },
      reference: { x in
        DoubleMatrix(rows: 5, columns: 3) { row, column in
          x[0][row, column]
            + indices.indices.filter { indices[$0] == row }.reduce(0) { $0 + x[1][$1, column] }
        }
      }
    ).verify()
  }

  @Test func gatheringColumnsSomeTwice() {
    let columns: [Int32] = [3, 0, 1, 1, 2, 3]
    GradientCheck(
      inputs: [.random(3, 4, seed: 4)],
      operation: { $0.gatheringColumns($1[0], columns, count: 2) },
      reference: { x in
        DoubleMatrix(rows: 3, columns: 2) { x[0][$0, Int(columns[$0 * 2 + $1])] }
      }
    ).verify()
  }

  @Test(arguments: [(1, 1), (3, 5)])
  func dividingRowsBySum(rows: Int, columns: Int) {
    let positive = Matrix(
      rows: rows, columns: columns,
      values: Matrix.random(rows, columns, seed: 5).values.map { 0.2 + abs($0) })
    GradientCheck(
      inputs: [positive],
      operation: { $0.dividingRowsBySum($1[0]) },
      reference: { $0[0].mapRows { row in row.map { $0 / row.reduce(0, +) } } }
    ).verify()
  }

  @Test(arguments: [(1, 1), (7, 3)])
  func meanOfSquares(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 6)],
      operation: { $0.meanOfSquares($1[0]) },
      reference: { x in
        DoubleMatrix(
          rows: 1, columns: 1,
          values: [x[0].values.reduce(0) { $0 + $1 * $1 } / Double(rows * columns)])
      }
    ).verify()
  }

  @Test(arguments: [(1, 12), (6, 2), (12, 1)])
  func reshaping(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(4, 3, seed: 10)],
      operation: { $0.reshaping($1[0], rows: rows, columns: columns) },
      reference: { DoubleMatrix(rows: rows, columns: columns, values: $0[0].values) }
    ).verify()
  }

  @Test func scalingByAConstant() {
    GradientCheck(
      inputs: [.random(3, 5, seed: 7)],
      operation: { $0.scaling($1[0], by: -2.5) },
      reference: { $0[0].map { -2.5 * $0 } }
    ).verify()
  }

  @Test(arguments: [(1, 1), (3, 17)])
  func sigmoid(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 8, deviation: 3)],
      operation: { $0.sigmoid($1[0]) },
      reference: { $0[0].map { 1 / (1 + exp(-$0)) } }
    ).verify()
  }

  @Test(arguments: [(1, 1), (3, 17)])
  func softplus(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 9, deviation: 5)],
      operation: { $0.softplus($1[0]) },
      reference: { $0[0].map { max($0, 0) + log1p(exp(-abs($0))) } }
    ).verify()
  }

  @Test func extremeValuesStayFinite() {
    let x = Matrix(rows: 1, columns: 4, values: [-1e4, -100, 100, 1e4])
    let tape = Tape()
    let sigmoid = tape.value(of: tape.sigmoid(tape.constant(x))).values
    #expect(sigmoid[0] > 0 && sigmoid[0] < 1e-37 && sigmoid[3] == 1)
    let softplus = tape.value(of: tape.softplus(tape.constant(x))).values
    #expect(softplus[0] >= 0 && softplus[0] < 1e-6 && softplus[3] == 1e4)
  }
}
