import Tensor

/// One tower's way made ready: its weights are found, and every buffer stays from batch to batch.
///
/// A batch gets the bits that ``Tower/forward(_:on:mode:weights:)`` and a tape give it, at the price
/// of one allocation, the result.
struct TowerPlan: Sendable {
  private let hiddenWeight: Matrix
  private let hiddenBias: Matrix
  private let skipWeight: Matrix
  private let outputWeight: Matrix
  /// The views, then the hidden values, laid out for products of few rows.
  private var laidOut = DotQueries(Matrix(rows: 0, columns: 0))
  /// W₁·x + b; [N, hidden].
  private var hidden = Matrix(rows: 0, columns: 0)
  /// gelu(W₁·x + b); [N, hidden].
  private var active = Matrix(rows: 0, columns: 0)
  /// W₀·x, then the sum; [N, output].
  private var sum = Matrix(rows: 0, columns: 0)
  /// W₂·gelu(W₁·x + b); [N, output].
  private var correction = Matrix(rows: 0, columns: 0)
  /// The lengths of the sums; [N, 1].
  private var lengths = Matrix(rows: 0, columns: 0)

  init(_ tower: Tower, parameters: ParameterSet) {
    hiddenWeight = parameters[tower.name("hidden.weight")]
    hiddenBias = parameters[tower.name("hidden.bias")]
    skipWeight = parameters[tower.name("skip.weight")]
    outputWeight = parameters[tower.name("output.weight")]
  }

  /// The tower's values for views x [N, view] to unit length; [N, output].
  mutating func unitVectors(of x: Matrix) -> Matrix {
    layOut(x)
    hidden.setProduct(x, transposing: hiddenWeight, laidOut: laidOut)
    hidden.addToRows(hiddenBias)
    sum.setProduct(x, transposing: skipWeight, laidOut: laidOut)
    active.setGELU(of: hidden)
    layOut(active)
    correction.setProduct(active, transposing: outputWeight, laidOut: laidOut)
    sum.add(correction)
    return sum.unitRows(norms: &lengths)
  }

  private mutating func layOut(_ x: Matrix) {
    if Matrix.usesRowKernel(rows: x.rows) { laidOut.layOut(x) }
  }
}
