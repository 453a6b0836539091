import Tensor
import Testing

struct TapeNormalizationGradientTests {
  // In one column only the sign is left, in two columns of a layer norm too: the gradient is zero.
  @Test(arguments: [(1, 2), (5, 3), (4, 67), (40, 1)])
  func normalizingRows(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 1, deviation: 3)],
      operation: { $0.normalizingRows($1[0]) },
      reference: { $0[0].normalizedRows() }
    ).verify(gradientFloor: 1)
  }

  @Test func rowOfZerosStaysZeroAndPassesNoGradient() {
    var x = Matrix.random(3, 4, seed: 2)
    for column in 0..<4 { x[1, column] = 0 }
    let tape = Tape()
    let input = tape.parameter(x)
    let unit = tape.normalizingRows(input)
    let sums = tape.productTransposed(
      tape.constant(Matrix(rows: 1, columns: 4, repeating: 1)), unit)
    let loss = tape.productTransposed(
      sums, tape.constant(Matrix(rows: 1, columns: 3, repeating: 1)))
    #expect(tape.value(of: unit).row(1).allSatisfy { $0 == 0 })
    let gradient = tape.gradients(of: loss)[input]
    #expect(gradient.row(1).allSatisfy { $0 == 0 })
    #expect(gradient.values.allSatisfy { abs($0) < 100 })
  }

  @Test(arguments: [(1, 2), (5, 3), (4, 67), (9, 16)])
  func layerNorm(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [
        .random(rows, columns, seed: 3, deviation: 2), .random(1, columns, seed: 4),
        .random(1, columns, seed: 5),
      ],
      operation: { $0.layerNorm($1[0], gain: $1[1], bias: $1[2]) },
      reference: { $0[0].layerNorm(gain: $0[1], bias: $0[2]) }
    ).verify(gradientFloor: 1)
  }

  @Test func layerNormOfConstantRowsIsTheBias() {
    let bias = Matrix.random(1, 6, seed: 6)
    let tape = Tape()
    let output = tape.layerNorm(
      tape.constant(Matrix(rows: 2, columns: 6, repeating: 3)),
      gain: tape.constant(.random(1, 6, seed: 7)), bias: tape.constant(bias))
    #expect(tape.value(of: output) == bias.appendingRows(of: bias))
  }

  @Test func layerNormSurvivesALargeCommonOffset() {
    let x = Matrix(
      rows: 3, columns: 50, values: Matrix.random(3, 50, seed: 8).values.map { $0 + 1000 })
    let gain = Matrix(rows: 1, columns: 50, repeating: 1)
    let bias = Matrix(rows: 1, columns: 50)
    let tape = Tape()
    let output = tape.layerNorm(
      tape.constant(x), gain: tape.constant(gain), bias: tape.constant(bias))
    let expected = DoubleMatrix(x).layerNorm(gain: DoubleMatrix(gain), bias: DoubleMatrix(bias))
    // The mean itself is rounded to 6e-5 here.
    #expect(expected.relativeError(of: tape.value(of: output)) < 1e-4)
  }
}
