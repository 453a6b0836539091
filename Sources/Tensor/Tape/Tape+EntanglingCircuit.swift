extension Tape {
  /// Parts of the amplitudes U·x of an entangling circuit, exact and classical.
  ///
  /// `x` [rows, width ≤ 2ⁿ], padded with zeros; `angles` [layers, 3n] → [rows, real + imaginary]: the
  /// first `real` real parts, then the first `imaginary` imaginary parts. U is linear, so x is
  /// not divided by its norm first: for ‖x‖ = 1 these are the amplitudes of the circuit's state, and
  /// in general ‖x‖ times those of x/‖x‖. O(layers · n · 2ⁿ) a row in both directions; the
  /// backward pass undoes the gates instead of keeping states (adjoint differentiation,
  /// Jones & Gacon 2020, algorithm 1).
  package func entanglingCircuit(
    _ circuit: EntanglingCircuit, of x: Variable, angles: Variable, real: Int, imaginary: Int = 0
  ) -> Variable {
    let input = value(of: x)
    let anglesValue = value(of: angles)
    let gates = circuit.gates(of: anglesValue)
    let output = circuit.run(input, gates: gates, real: real, imaginary: imaginary)
    return record(output, inputs: x, angles) { gradient, gradients in
      let result = circuit.gradient(
        gradient, of: input, gates: gates, real: real, imaginary: imaginary)
      gradients.add(result.x, to: x)
      gradients.add(circuit.anglesGradient(moments: result.moments, at: anglesValue), to: angles)
    }
  }
}
