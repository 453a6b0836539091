import Tensor
import Testing

struct KernelsRowsTests {
  @Test(arguments: [(1, 1), (5, 15), (5, 16), (5, 17), (3, 500), (700, 130)])
  func rowsMatchTheReference(rows: Int, columns: Int) {
    let x = Matrix.random(rows, columns, seed: 1, deviation: 4)
    let reference = DoubleMatrix(x)
    #expect(reference.logSumExp().relativeError(of: x.logSumExpOfRows()) < 1e-6)
    #expect(reference.softmax().relativeError(of: x.softmaxRows()) < 1e-6)
    let (unit, norms) = x.normalizedRows()
    #expect(reference.normalizedRows().relativeError(of: unit) < 1e-6)
    let lengths = reference.mapRows { [$0.reduce(0) { $0 + $1 * $1 }.squareRoot()] }
    #expect(lengths.relativeError(of: norms) < 1e-6)
  }

  @Test func logSumExpAndSoftmaxAreStableForAnyMagnitude() {
    let rows: [[Float]] = [
      [1e30, 1e30, -1e30], [-1e30, -1e30, -1e30], [3e38, -3e38, 0], [1000, 1000, 1000],
      [-1000, -1001, -1e5], [88, 89, 90], [-104, -103, -102],
    ]
    let x = Matrix(rows: rows.count, columns: 3, values: rows.flatMap { $0 })
    let sums = x.logSumExpOfRows()
    for row in 0..<rows.count {
      let expected = Float(DoubleMatrix(x).logSumExp()[row, 0])
      #expect(abs(sums[row, 0] - expected) <= 2 * expected.ulp)
    }
    #expect(DoubleMatrix(x).softmax().relativeError(of: x.softmaxRows()) < 1e-6)
  }

  @Test func peakIsFoundInEveryLane() {
    for width in [1, 15, 16, 17, 31, 32, 33, 50] {
      for place in 0..<width {
        var x = Matrix(rows: 1, columns: width, repeating: -300)
        x[0, place] = 300
        #expect(x.logSumExpOfRows()[0, 0] == 300)
      }
    }
  }

  @Test func rowOfZerosNormalizesToZeros() {
    let (unit, norms) = Matrix(rows: 2, columns: 3).normalizedRows()
    #expect(unit == Matrix(rows: 2, columns: 3))
    #expect(norms.values == [1e-12, 1e-12])
  }

  @Test func softmaxRowsAddUpToOne() {
    let softmax = Matrix.random(20, 99, seed: 2, deviation: 30).softmaxRows()
    for row in 0..<20 { #expect(abs(softmax.row(row).reduce(0, +) - 1) < 1e-6) }
  }
}
