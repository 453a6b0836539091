import Tensor
import Testing

/// Odd shapes, size one, and one past a register.
private let shapes: [(rows: Int, input: Int, output: Int)] = [
  (1, 1, 1), (5, 3, 7), (1, 17, 2), (9, 1, 4), (3, 33, 1),
]

struct TapeLinearGradientTests {
  @Test(arguments: shapes)
  func linearWithBias(rows: Int, input: Int, output: Int) {
    GradientCheck(
      inputs: [
        .random(rows, input, seed: 1), .random(output, input, seed: 2), .random(1, output, seed: 3),
      ],
      operation: { $0.linear($1[0], weight: $1[1], bias: $1[2]) },
      reference: { $0[0].times($0[1].transposed()).addingRow($0[2]) }
    ).verify()
  }

  @Test(arguments: shapes)
  func linearWithoutBias(rows: Int, input: Int, output: Int) {
    GradientCheck(
      inputs: [.random(rows, input, seed: 4), .random(output, input, seed: 5)],
      operation: { $0.linear($1[0], weight: $1[1]) },
      reference: { $0[0].times($0[1].transposed()) }
    ).verify()
  }

  @Test(arguments: shapes)
  func productTransposed(rows: Int, input: Int, output: Int) {
    GradientCheck(
      inputs: [.random(rows, input, seed: 6), .random(output, input, seed: 7)],
      operation: { $0.productTransposed($1[0], $1[1]) },
      reference: { $0[0].times($0[1].transposed()) }
    ).verify()
  }

  @Test func productOfAVariableWithItselfAddsBothGradients() {
    GradientCheck(
      inputs: [.random(6, 4, seed: 8)],
      operation: { $0.productTransposed($1[0], $1[0]) },
      reference: { $0[0].times($0[0].transposed()) }
    ).verify()
  }

  /// 70 × 129 with 257 terms has more than 2²¹ multiply-adds, so all three products are tiled.
  @Test func tiledProduct() {
    let (a, b) = (Matrix.random(70, 257, seed: 9), Matrix.random(129, 257, seed: 10))
    let left = Matrix.random(1, 70, seed: 11)
    let right = Matrix.random(1, 129, seed: 12)
    let tape = Tape()
    let (first, second) = (tape.parameter(a), tape.parameter(b))
    let product = tape.productTransposed(first, second)
    let rows = tape.productTransposed(product, tape.constant(right))
    let loss = tape.productTransposed(tape.constant(left), tape.transposed(rows))
    let gradients = tape.gradients(of: loss)

    let (aDouble, bDouble) = (DoubleMatrix(a), DoubleMatrix(b))
    #expect(aDouble.times(bDouble.transposed()).relativeError(of: tape.value(of: product)) < 1e-6)
    let (u, v) = (DoubleMatrix(left).transposed(), DoubleMatrix(right).transposed())
    // d uᵀABᵀv / dA = u (vᵀB); / dB = v (uᵀA).
    let aGradient = u.times(v.transposed().times(bDouble))
    let bGradient = v.times(u.transposed().times(aDouble))
    #expect(aGradient.relativeError(of: gradients[first]) < 1e-6)
    #expect(bGradient.relativeError(of: gradients[second]) < 1e-6)
  }

  @Test(arguments: [(1, 1), (4, 5), (33, 2)])
  func addingRow(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 13), .random(1, columns, seed: 14)],
      operation: { $0.addingRow($1[0], $1[1]) },
      reference: { $0[0].addingRow($0[1]) }
    ).verify()
  }

  @Test(arguments: [(1, 1), (4, 5), (33, 2)])
  func adding(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 15), .random(rows, columns, seed: 16)],
      operation: { $0.adding($1[0], $1[1]) },
      reference: { $0[0].adding($0[1]) }
    ).verify()
  }

  @Test(arguments: [(1, 1), (4, 5), (1, 40), (37, 35)])
  func transposed(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 17)],
      operation: { $0.transposed($1[0]) },
      reference: { $0[0].transposed() }
    ).verify()
  }

  @Test(arguments: [1, 3, 65])
  func embeddingBagWithEmptyBags(width: Int) {
    let bags = SparseMatrix.random(8, 6, density: 0.5, seed: 18)
    GradientCheck(
      inputs: [.random(6, width, seed: 19)],
      operation: { $0.embeddingBag(bags, table: $1[0]) },
      reference: { bags.dense.times($0[0]) }
    ).verify()
  }

  @Test func bagsWithoutAnyEntryGiveZerosAndNoGradient() {
    let empty = SparseRow(columns: [], values: [])
    let bags = SparseMatrix(columns: 4, sparseRows: [empty, empty])
    GradientCheck(
      inputs: [.random(4, 3, seed: 20)],
      operation: { $0.embeddingBag(bags, table: $1[0]) },
      reference: { bags.dense.times($0[0]) }
    ).verify()
  }
}
