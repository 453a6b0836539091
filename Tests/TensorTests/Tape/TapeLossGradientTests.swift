import Foundation
import Tensor
import Testing

struct TapeLossGradientTests {
  @Test(arguments: [(1, 1), (3, 5), (4, 17), (2, 70)])
  func softmax(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 1, deviation: 3)],
      operation: { $0.softmax($1[0]) },
      reference: { $0[0].softmax() }
    ).verify()
  }

  @Test(arguments: [(1, 1), (3, 5), (4, 17), (2, 70)])
  func logSumExp(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 2, deviation: 3)],
      operation: { $0.logSumExp($1[0]) },
      reference: { $0[0].logSumExp() }
    ).verify()
  }

  @Test(arguments: [1, 2, 9, 33])
  func crossEntropyOfDiagonal(count: Int) {
    GradientCheck(
      inputs: [.random(count, count, seed: 3, deviation: 3)],
      operation: { $0.crossEntropyOfDiagonal($1[0]) },
      reference: { DoubleMatrix(rows: 1, columns: 1, values: [$0[0].crossEntropyOfDiagonal()]) }
    ).verify()
  }

  @Test func meanOfTwoScalars() {
    GradientCheck(
      inputs: [.random(1, 1, seed: 4), .random(1, 1, seed: 5)],
      operation: { $0.mean($1[0], $1[1]) },
      reference: { $0[0].adding($0[1]).map { $0 / 2 } }
    ).verify()
  }

  /// The residual tower z = normalize(W₀x + W₂·gelu(W₁x + b)) twice, the scaled similarities of
  /// a batch, and the mean of both cross-entropies: the loss that models are trained with.
  @Test(arguments: [1, 2, 7])
  func twoTowerContrastiveLoss(pairs: Int) {
    let (firstWidth, secondWidth, hidden, shared) = (6, 5, 7, 4)
    func tower(_ input: Int, seed: UInt64) -> [Matrix] {
      [
        .random(shared, input, seed: seed), .random(hidden, input, seed: seed + 1),
        .random(1, hidden, seed: seed + 2), .random(shared, hidden, seed: seed + 3),
      ]
    }
    let first = Matrix.random(pairs, firstWidth, seed: 30)
    let second = Matrix.random(pairs, secondWidth, seed: 31)
    func encode(_ tape: Tape, _ x: Matrix, _ p: ArraySlice<Tape.Variable>) -> Tape.Variable {
      let p = Array(p)
      let x = tape.constant(x)
      let inner = tape.gelu(tape.linear(x, weight: p[1], bias: p[2]))
      return tape.normalizingRows(
        tape.adding(tape.linear(x, weight: p[0]), tape.linear(inner, weight: p[3])))
    }
    func encode(_ x: Matrix, _ p: ArraySlice<DoubleMatrix>) -> DoubleMatrix {
      let p = Array(p)
      let x = DoubleMatrix(x)
      let inner = x.times(p[1].transposed()).addingRow(p[2]).gelu()
      return x.times(p[0].transposed()).adding(inner.times(p[3].transposed())).normalizedRows()
    }
    GradientCheck(
      inputs: tower(firstWidth, seed: 10) + tower(secondWidth, seed: 20)
        + [Matrix(rows: 1, columns: 1, values: [2.3])],
      operation: { tape, variables in
        let similarities = tape.productTransposed(
          encode(tape, first, variables[0..<4]), encode(tape, second, variables[4..<8]))
        let logits = tape.scaling(similarities, byExpOf: variables[8])
        return tape.mean(
          tape.crossEntropyOfDiagonal(logits),
          tape.crossEntropyOfDiagonal(tape.transposed(logits)))
      },
      reference: { point in
        let scale = exp(point[8][0, 0])
        let logits = encode(first, point[0..<4]).times(encode(second, point[4..<8]).transposed())
          .map { $0 * scale }
        let mean =
          (logits.crossEntropyOfDiagonal() + logits.transposed().crossEntropyOfDiagonal()) / 2
        return DoubleMatrix(rows: 1, columns: 1, values: [mean])
      }
    ).verify()
  }
}
