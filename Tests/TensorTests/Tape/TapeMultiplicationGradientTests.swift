import Tensor
import Testing

struct TapeMultiplicationGradientTests {
  @Test(arguments: [(1, 1), (7, 5), (1, 33)])
  func products(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 1), .random(rows, columns, seed: 2)],
      operation: { $0.multiplying($1[0], $1[1]) },
      reference: { point in
        DoubleMatrix(rows: rows, columns: columns) { point[0][$0, $1] * point[1][$0, $1] }
      }
    ).verify()
  }

  @Test func aValueTimesItselfIsASquare() {
    GradientCheck(
      inputs: [.random(3, 4, seed: 3)], operation: { $0.multiplying($1[0], $1[0]) },
      reference: { point in
        DoubleMatrix(rows: 3, columns: 4) { point[0][$0, $1] * point[0][$0, $1] }
      }
    ).verify()
  }
}
