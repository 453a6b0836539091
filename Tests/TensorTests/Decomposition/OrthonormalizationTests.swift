import Tensor
import Testing

struct OrthonormalizationTests {
  /// The largest entry of |QᵀQ − I|.
  private func departure(_ q: Matrix) -> Double {
    let gram = DoubleMatrix(q).transposed().times(DoubleMatrix(q))
    var worst = 0.0
    for row in 0..<gram.rows {
      for column in 0..<gram.columns {
        worst = max(worst, abs(gram[row, column] - (row == column ? 1 : 0)))
      }
    }
    return worst
  }

  /// How far `a` sticks out of the span of Q: ‖a − QQᵀa‖ / ‖a‖, the largest over columns.
  private func residual(_ a: Matrix, outside q: Matrix) -> Double {
    let (a, q) = (DoubleMatrix(a), DoubleMatrix(q))
    let projected = q.times(q.transposed().times(a)).transposed()
    let columns = a.transposed()
    return (0..<columns.rows).map { index in
      let column = columns.row(index)
      let difference = zip(column, projected.row(index)).map(-)
      func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      return length(difference) / max(length(column), 1e-30)
    }.max() ?? 0
  }

  @Test(arguments: [(1, 1), (5, 5), (40, 7), (300, 33)])
  func randomColumns(rows: Int, columns: Int) {
    let a = Matrix.random(rows, columns, seed: 1)
    var q = a
    q.orthonormalizeColumns()
    #expect(departure(q) < 2e-6)
    #expect(residual(a, outside: q) < 1e-5)
  }

  /// Columns scaled from 1 to 10⁻⁶, and columns that differ by 10⁻⁵ only.
  @Test func illConditionedColumns() {
    var a = Matrix.random(200, 13, seed: 2)
    for row in 0..<200 {
      var scale: Float = 1
      for column in 0..<13 {
        a[row, column] *= scale
        scale *= 0.316
      }
    }
    var nearlyEqual = Matrix.random(200, 6, seed: 3, deviation: 1e-5)
    for row in 0..<200 {
      let common = Float(row % 7) - 3
      for column in 0..<6 { nearlyEqual[row, column] += common }
    }
    for matrix in [a, nearlyEqual] {
      var q = matrix
      q.orthonormalizeColumns()
      #expect(departure(q) < 5e-6)
      #expect(residual(matrix, outside: q) < 1e-4)
    }
  }

  /// Beyond the rank no column may repeat a direction, or it would be counted twice.
  @Test(arguments: [(30, 6, 2), (200, 40, 3), (200, 40, 39), (50, 12, 1), (60, 60, 30)])
  func dependentColumnsNeverRepeatADirection(rows: Int, columns: Int, rank: Int) {
    let a = Matrix.product(.random(rows, rank, seed: 4), .random(rank, columns, seed: 5))
    var q = a
    q.orthonormalizeColumns()
    #expect(departure(q) < 2e-6)
    #expect(residual(a, outside: q) < 1e-4)
  }

  /// Where only two rows are not zero, there are only two directions for six columns.
  @Test(arguments: UInt64(6)...25)
  func columnsBeyondTheNonzeroRowsVanish(seed: UInt64) {
    var a = Matrix(rows: 30, columns: 6)
    let random = Matrix.random(2, 6, seed: seed)
    for column in 0..<6 {
      a[3, column] = random[0, column]
      a[20, column] = random[1, column]
    }
    var q = a
    q.orthonormalizeColumns()
    // QQᵀ is the projection onto the two rows.
    let projection = DoubleMatrix(Matrix.product(q, q, transposingB: true))
    let expected = DoubleMatrix(rows: 30, columns: 30) { $0 == $1 && ($0 == 3 || $0 == 20) ? 1 : 0 }
    #expect(projection.relativeError(of: Matrix(expected)) < 1e-4)
  }

  @Test func columnsOfZerosStayFinite() {
    var zeros = Matrix(rows: 6, columns: 3)
    zeros.orthonormalizeColumns()
    #expect(zeros.values.allSatisfy { $0.isFinite && abs($0) <= 1 })
    var partly = Matrix(rows: 6, columns: 3)
    for row in 0..<6 { partly[row, 1] = Float(row) }
    var q = partly
    q.orthonormalizeColumns()
    #expect(q.values.allSatisfy { $0.isFinite })
    #expect(residual(partly, outside: q) < 1e-4)
  }
}
