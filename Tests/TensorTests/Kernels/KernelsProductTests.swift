import Tensor
import Testing

struct KernelsProductTests {
  /// Single values, odd shapes, and shapes past 2²¹ multiply-adds that are tiled both ways.
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (3, 5, 7), (1, 200, 33), (200, 1, 33), (70, 129, 257), (1, 2100, 1000),
    (2100, 1, 1000),
  ]

  @Test(arguments: shapes, [(false, false), (false, true), (true, false), (true, true)])
  func productMatchesTheNaiveOne(shape: (m: Int, n: Int, k: Int), transposing: (Bool, Bool)) {
    let (m, n, k) = shape
    let a = transposing.0 ? Matrix.random(k, m, seed: 1) : .random(m, k, seed: 1)
    let b = transposing.1 ? Matrix.random(n, k, seed: 2) : .random(k, n, seed: 2)
    func product() -> Matrix {
      Matrix.product(
        a, b, transposingA: transposing.0, transposingB: transposing.1, factor: -0.5)
    }
    let (aDouble, bDouble) = (DoubleMatrix(a), DoubleMatrix(b))
    let expected = (transposing.0 ? aDouble.transposed() : aDouble)
      .times(transposing.1 ? bDouble.transposed() : bDouble).map { $0 * -0.5 }
    #expect(expected.relativeError(of: product()) < 2e-6)
    #expect(product() == product())
  }

  @Test(arguments: [(0, 3, 4), (3, 0, 4), (3, 4, 0), (0, 0, 0)])
  func emptyShapesGiveZeros(m: Int, n: Int, k: Int) {
    let product = Matrix.product(Matrix(rows: m, columns: k), Matrix(rows: k, columns: n))
    #expect(product == Matrix(rows: m, columns: n))
    let transposed = Matrix.product(
      Matrix(rows: k, columns: m), Matrix(rows: n, columns: k), transposingA: true,
      transposingB: true)
    #expect(transposed == Matrix(rows: m, columns: n))
  }

  @Test func concurrentCallersGetTheBitsOfALoneCaller() {
    let a = Matrix.random(150, 140, seed: 3)
    let b = Matrix.random(160, 140, seed: 4)
    let alone = Matrix.product(a, b, transposingB: true)
    let together = Parallel.map(24, by: 1) { _ in Matrix.product(a, b, transposingB: true) }
    #expect(together.allSatisfy { $0 == alone })
  }

  @Test func unequalInnerDimensionsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix.product(Matrix(rows: 2, columns: 3), Matrix(rows: 2, columns: 3))
    }
  }
}
