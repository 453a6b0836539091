import Tensor
import Testing

@Suite struct SmallProductTests {
  /// Rows of A, rows of B, shared width: one, odd, and both sides of every tile and switch-over.
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (1, 5, 3), (2, 3, 15), (3, 7, 16), (4, 11, 17), (5, 1, 33), (7, 64, 31),
    (8, 193, 100), (9, 50, 257), (12, 200, 129), (15, 13, 40), (16, 400, 65), (17, 30, 65),
    (32, 14, 20),
    (33, 14, 20), (9, 1_201, 97),
    (3, 0, 4), (2, 6, 0), (0, 3, 5),
  ]

  @Test(arguments: shapes, [Float(1), -0.25])
  func productWithATransposedMatrixEqualsDoublePrecision(
    shape: (m: Int, n: Int, k: Int), factor: Float
  ) {
    let (m, n, k) = shape
    var source = RandomSource(seed: UInt64(m * 1_000 + n * 10 + k))
    let a = source.normal(rows: m, columns: k, standardDeviation: 1)
    let b = source.normal(rows: n, columns: k, standardDeviation: 1)
    let product = Matrix.product(a, b, transposingB: true, factor: factor)
    #expect(product.rows == m && product.columns == n)
    for row in 0..<m {
      for column in 0..<n {
        var exact = 0.0
        var size = 0.0
        for (x, y) in zip(a.row(row), b.row(column)) {
          exact += Double(x) * Double(y)
          size += abs(Double(x) * Double(y))
        }
        let error = abs(Double(product[row, column]) - Double(factor) * exact)
        #expect(error <= 1e-6 * abs(Double(factor)) * size, "row \(row), column \(column)")
      }
    }
  }

  @Test func aProductInUsedStorageHasTheSameBits() {
    var target = Matrix(rows: 3, columns: 3, repeating: .nan)
    var laidOut = DotQueries(Matrix(rows: 0, columns: 0))
    for (m, n, k) in Self.shapes + [(100, 70, 40)] {
      var source = RandomSource(seed: UInt64(m + n + k))
      let x = source.normal(rows: m, columns: k, standardDeviation: 1)
      let weight = source.normal(rows: n, columns: k, standardDeviation: 1)
      laidOut.layOut(x)
      target.setProduct(x, transposing: weight, laidOut: laidOut)
      #expect(target == Matrix.product(x, weight, transposingB: true), "\(m) × \(n) × \(k)")
      var active = target
      active.setGELU(of: target)
      #expect(active == target.gelu())
      var lengths = Matrix(rows: 1, columns: 9)
      let (unit, norms) = target.normalizedRows()
      #expect(target.unitRows(norms: &lengths) == unit)
      #expect(lengths == norms)
    }
  }

  @Test func aProductLaidOutForOtherRowsTraps() async {
    await #expect(processExitsWith: .failure) {
      var target = Matrix(rows: 0, columns: 0)
      target.setProduct(
        Matrix(rows: 2, columns: 3), transposing: Matrix(rows: 4, columns: 3),
        laidOut: DotQueries(Matrix(rows: 1, columns: 3)))
    }
  }

  @Test func aRowHasTheSameBitsAloneAndInABatch() {
    var source = RandomSource(seed: 3)
    let a = source.normal(rows: 32, columns: 771, standardDeviation: 1)
    let b = source.normal(rows: 1_400, columns: 771, standardDeviation: 1)
    let together = Matrix.product(a, b, transposingB: true)
    for row in [0, 1, 7, 8, 15, 16, 30, 31] {
      let alone = Matrix.product(a.gatheringRows([row]), b, transposingB: true)
      #expect(alone == together.gatheringRows([row]))
    }
    #expect(Matrix.product(a, b, transposingB: true) == together)
  }
}
