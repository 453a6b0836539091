import Tensor
import Testing

/// Rows are independent: many rows, worked on in tiles, give the bits that few rows give.
struct TapeTilingTests {
  /// 700 · 130 values fill one tile and part of a second.
  private let x = Matrix.random(700, 130, seed: 1, deviation: 2)

  /// The value and input gradient of an operation whose output has the shape of its input.
  private func evaluate(
    _ x: Matrix, _ operation: (Tape, Tape.Variable) -> Tape.Variable
  ) -> (value: Matrix, gradient: Matrix) {
    let tape = Tape()
    let input = tape.parameter(x)
    let output = operation(tape, input)
    let sums = tape.productTransposed(output, tape.constant(.random(1, x.columns, seed: 2)))
    let loss = tape.productTransposed(
      tape.constant(Matrix(rows: 1, columns: x.rows, repeating: 1)), tape.transposed(sums))
    return (tape.value(of: output), tape.gradients(of: loss)[input])
  }

  private func expectTheSameRows(_ operation: (Tape, Tape.Variable) -> Tape.Variable) {
    let whole = evaluate(x, operation)
    // Rows on both sides of the border between the tiles, row 504.
    for indices in [[0], [502, 503, 504, 505], [699]] {
      let part = evaluate(x.gatheringRows(indices), operation)
      #expect(part.value == whole.value.gatheringRows(indices))
      #expect(part.gradient == whole.gradient.gatheringRows(indices))
    }
  }

  @Test func gelu() {
    expectTheSameRows { $0.gelu($1) }
  }

  @Test func normalizingRows() {
    expectTheSameRows { $0.normalizingRows($1) }
  }

  @Test func layerNorm() {
    expectTheSameRows { tape, x in
      tape.layerNorm(
        x, gain: tape.constant(.random(1, 130, seed: 3)),
        bias: tape.constant(.random(1, 130, seed: 4)))
    }
  }

  @Test func softmax() {
    expectTheSameRows { $0.softmax($1) }
  }

  @Test func addingRow() {
    expectTheSameRows { tape, x in tape.addingRow(x, tape.constant(.random(1, 130, seed: 5))) }
  }
}
