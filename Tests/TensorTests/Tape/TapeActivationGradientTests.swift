import Foundation
import Tensor
import Testing

struct TapeActivationGradientTests {
  @Test(arguments: [(1, 1), (7, 5), (1, 33)])
  func gelu(rows: Int, columns: Int) {
    GradientCheck(
      inputs: [.random(rows, columns, seed: 1, deviation: 2)],
      operation: { $0.gelu($1[0]) },
      reference: { $0[0].gelu() }
    ).verify()
  }

  @Test func geluIsFiniteWithExactLimitsForAnyFiniteInput() {
    let inputs: [Float] = [-3e38, -1e20, -1e12, -1e4, -90, -20, 20, 90, 1e4, 1e12, 1e20, 3e38]
    for input in inputs {
      let tape = Tape()
      let x = tape.parameter(Matrix(rows: 1, columns: 1, values: [input]))
      let y = tape.gelu(x)
      let slope = tape.gradients(of: y)[x][0, 0]
      let value = tape.value(of: y)[0, 0]
      #expect(abs(value - max(input, 0)) <= 1e-7, "gelu(\(input)) = \(value)")
      #expect(abs(slope - (input > 0 ? 1 : 0)) <= 1e-7, "gelu′(\(input)) = \(slope)")
    }
  }

  @Test func dropoutAppliesItsOwnMaskToTheGradient() {
    // The mask is read off a matrix of ones; the check then proves that values and gradients
    // are multiplied by exactly that mask.
    let shape = (rows: 13, columns: 9)
    let ones = Tape()
    let mask = DoubleMatrix(
      ones.value(
        of: ones.dropout(
          ones.constant(Matrix(rows: shape.rows, columns: shape.columns, repeating: 1)),
          rate: 0.4, seed: 77)))
    #expect(Set(mask.values).count == 2)
    GradientCheck(
      inputs: [.random(shape.rows, shape.columns, seed: 2)],
      operation: { $0.dropout($1[0], rate: 0.4, seed: 77) },
      reference: { point in
        DoubleMatrix(rows: shape.rows, columns: shape.columns) { point[0][$0, $1] * mask[$0, $1] }
      }
    ).verify()
  }

  @Test(arguments: [Float(0.1), 0.5, 0.9])
  func dropoutKeepsTheStatedShare(rate: Float) {
    // More values than one tile holds.
    let count = 70_001
    let tape = Tape()
    let ones = tape.constant(Matrix(rows: 1, columns: count, repeating: 1))
    let values = tape.value(of: tape.dropout(ones, rate: rate, seed: 5)).values
    let dropped = Float(values.count { $0 == 0 }) / Float(count)
    #expect(abs(dropped - rate) < 0.01)
    #expect(values.allSatisfy { $0 == 0 || abs($0 * (1 - rate) - 1) < 1e-6 })
    #expect(tape.value(of: tape.dropout(ones, rate: rate, seed: 5)).values == values)
    #expect(tape.value(of: tape.dropout(ones, rate: rate, seed: 6)).values != values)
  }

  @Test func dropoutOfRateZeroChangesNothing() {
    let tape = Tape()
    let x = Matrix.random(3, 4, seed: 3)
    #expect(tape.value(of: tape.dropout(tape.constant(x), rate: 0, seed: 1)) == x)
  }

  @Test(arguments: [(1, 1, Float(-0.7)), (5, 3, 1.2), (4, 4, 3.9)])
  func scalingByAnExponential(rows: Int, columns: Int, logScale: Float) {
    GradientCheck(
      inputs: [
        .random(rows, columns, seed: 4), Matrix(rows: 1, columns: 1, values: [logScale]),
      ],
      operation: { $0.scaling($1[0], byExpOf: $1[1]) },
      reference: { point in point[0].map { $0 * exp(point[1][0, 0]) } }
    ).verify()
  }
}
