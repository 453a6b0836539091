import Tensor
import Testing

/// An operation on the tape beside its reference in doubles.
struct GradientCheck {
  /// Inputs whose gradients are checked.
  let inputs: [Matrix]
  let operation: (Tape, [Tape.Variable]) -> Tape.Variable
  let reference: ([DoubleMatrix]) -> DoubleMatrix

  /// Compares values, then gradients with central differences of the reference.
  ///
  /// The output Y becomes the scalar uᵀ·Y·v for random u and v, so every entry of the gradient of
  /// Y differs. Errors are relative to the largest entry, or to `gradientFloor` if that is larger:
  /// a gradient that vanishes by cancellation has the rounding errors of its terms.
  func verify(
    value valueTolerance: Double = 1e-5, gradient gradientTolerance: Double = 1e-5,
    gradientFloor: Double = 1e-3,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let tape = Tape()
    let variables = inputs.map { tape.parameter($0) }
    let output = operation(tape, variables)
    let doubles = inputs.map(DoubleMatrix.init)
    let expected = reference(doubles)
    #expect(
      expected.relativeError(of: tape.value(of: output)) < valueTolerance,
      sourceLocation: sourceLocation)

    let left = Matrix.random(1, output.rows, seed: 901)
    let right = Matrix.random(1, output.columns, seed: 902)
    let rightProduct = tape.productTransposed(output, tape.constant(right))
    let loss = tape.productTransposed(tape.constant(left), tape.transposed(rightProduct))
    let gradients = tape.gradients(of: loss)

    let leftDouble = DoubleMatrix(left)
    let rightDouble = DoubleMatrix(right).transposed()
    for index in inputs.indices {
      let numeric = Self.centralDifferences(at: doubles, input: index) { point in
        leftDouble.times(reference(point).times(rightDouble))[0, 0]
      }
      let error = numeric.relativeError(of: gradients[variables[index]], floor: gradientFloor)
      #expect(
        error < gradientTolerance, "gradient of input \(index)", sourceLocation: sourceLocation)
    }
  }

  /// (f(x + h) − f(x − h)) / 2h for every entry of one input, h = 10⁻⁵.
  static func centralDifferences(
    at point: [DoubleMatrix], input: Int, of function: ([DoubleMatrix]) -> Double
  ) -> DoubleMatrix {
    let step = 1e-5
    var moved = point
    var result = point[input]
    for entry in result.values.indices {
      let start = point[input].values[entry]
      moved[input].values[entry] = start + step
      let above = function(moved)
      moved[input].values[entry] = start - step
      let below = function(moved)
      moved[input].values[entry] = start
      result.values[entry] = (above - below) / (2 * step)
    }
    return result
  }
}
