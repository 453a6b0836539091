import Foundation
import Fusion
import Tensor
import Testing

struct QuantumResidualTests {
  private func run(_ layer: QuantumResidual, _ x: Matrix, seed: UInt64 = 1) -> Matrix {
    var random = RandomSource(seed: seed)
    let parameters = ParameterSet(layer.initialParameters(random: &random))
    let tape = Tape()
    return tape.value(
      of: layer.forward(tape.constant(x), on: tape) { tape.constant(parameters[$0]) })
  }

  @Test(arguments: [1, 2, 3, 100, 129])
  func outputHasTheWidthOfTheInput(width: Int) {
    var random = RandomSource(seed: 2)
    let x = random.normal(rows: 3, columns: width, standardDeviation: 1)
    let y = run(QuantumResidual(width: width, layers: 2), x)
    #expect(y.rows == 3 && y.columns == width)
    #expect(y.values.allSatisfy { $0.isFinite })
  }

  @Test func zerosStayZeros() {
    let y = run(QuantumResidual(width: 6, layers: 3), Matrix(rows: 2, columns: 6))
    #expect(y.values.allSatisfy { $0 == 0 })
  }

  /// Two rows that differ by a factor have outputs that differ by it: the norm is restored.
  @Test func layerIsLinear() {
    var random = RandomSource(seed: 3)
    let x = random.normal(rows: 1, columns: 20, standardDeviation: 1)
    let layer = QuantumResidual(width: 20, layers: 2)
    let thousandfold = Matrix(rows: 1, columns: 20, values: x.values.map { $0 * 1024 })
    #expect(run(layer, thousandfold).values == run(layer, x).values.map { $0 * 1024 })
  }

  /// ‖y − x‖ ≤ α·‖x‖, because U keeps norms; α starts at 0.1.
  @Test func changeIsBoundedByTheGain() {
    var random = RandomSource(seed: 4)
    let x = random.normal(rows: 5, columns: 64, standardDeviation: 1)
    let y = run(QuantumResidual(width: 64, layers: 4), x)
    for row in 0..<5 {
      let change = zip(x.row(row), y.row(row)).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
      let norm = x.row(row).reduce(0) { $0 + $1 * $1 }
      #expect(change.squareRoot() <= 0.1001 * norm.squareRoot())
      #expect(change > 0)
    }
  }
}
