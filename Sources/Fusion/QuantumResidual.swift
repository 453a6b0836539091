import Foundation
package import Tensor

/// A residual layer that mixes the entries of a vector by a simulated quantum circuit.
///
/// y = x + α·‖x‖·Re(U·ψ)[0..<d], ψ = x̃/‖x̃‖ being the amplitude encoding of x (padded with zeros to
/// 2ⁿ, then normalised) and U the circuit of ``EntanglingCircuit``: PennyLane's AmplitudeEmbedding and
/// StronglyEntanglingLayers. The real output is the real part of the first d amplitudes, the norm of
/// x restored; α = exp(`gain`) is learned.
///
/// This is a classical simulation and claims no quantum advantage. U is unitary and linear, so the layer is the
/// linear map I + α·Re(U) whose matrix has 3·n·L parameters in place of d²: a structured mixing
/// layer that costs O(L·n·2ⁿ) a row. Norm and normalisation cancel, so that ‖x‖ is never
/// divided by and zeros stay zeros.
package struct QuantumResidual: Sendable {
  /// d, the width of the vectors.
  package let width: Int
  /// The circuit.
  package let circuit: EntanglingCircuit
  /// Stands before the names of the parameters.
  package let name: String

  /// A layer for vectors of `width` values; n is the least with 2ⁿ ≥ d.
  package init(width: Int, layers: Int, name: String = "quantum") {
    self.width = width
    circuit = EntanglingCircuit(
      qubits: EntanglingCircuit.qubits(forWidth: width), layers: layers)
    self.name = name
  }

  private var anglesName: String { name + ".angles" }
  private var gainName: String { name + ".gain" }

  /// The parameters, in order: angles [L, 3n] start normal with deviation 0.1, gain [1, 1] for
  /// α = 0.1.
  package var parameterShapes: [ParameterShape] {
    [
      ParameterShape(
        name: anglesName, rows: circuit.layers, columns: circuit.anglesWidth, decays: false,
        start: .spread(0.1)),
      .vector(gainName, width: 1, value: log(0.1)),
    ]
  }

  /// Fresh parameters of ``parameterShapes``.
  package func initialParameters(random: inout RandomSource) -> [ParameterSet.Parameter] {
    parameterShapes.map { $0.initial(random: &random) }
  }

  /// x [rows, d] → [rows, d]; `weights` finds a variable by parameter name.
  package func forward(
    _ x: Tape.Variable, on tape: Tape, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    precondition(x.columns == width, "\(x.columns) values, \(width) expected")
    let mixed = tape.entanglingCircuit(circuit, of: x, angles: weights(anglesName), real: width)
    return tape.adding(x, tape.scaling(mixed, byExpOf: weights(gainName)))
  }
}
