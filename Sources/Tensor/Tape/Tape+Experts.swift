extension Tape {
  /// A sparsely gated layer of experts (Shazeer and others 2017, equation 1).
  ///
  /// y[t] = Σ over the chosen experts e of gate · Vₑᵀ·gelu(Uₑ·x[t]). `x` [T, d]; `gates` [T, k];
  /// `input` and `output` [E·h, d] hold Uₑ and Vₑ, expert after expert → [T, d]. Tokens are
  /// sorted by expert and each expert works on its own in one group. The banks' gradients hold
  /// touched experts only. O(T·k·h·d); a token's bits do not depend on the other tokens.
  public func experts(
    _ x: Variable, gates: Variable, input: Variable, output: Variable, dispatch: ExpertDispatch
  ) -> Variable {
    precondition(
      gates.rows == x.rows && gates.columns == dispatch.choicesPerToken
        && dispatch.tokenCount == x.rows,
      "gates [\(gates.rows), \(gates.columns)] for \(x.rows) tokens with "
        + "\(dispatch.choicesPerToken) choices")
    precondition(
      input.rows == output.rows && input.columns == x.columns && output.columns == x.columns
        && input.rows % dispatch.expertCount == 0,
      "banks [\(input.rows), \(input.columns)] and [\(output.rows), \(output.columns)] of "
        + "\(dispatch.expertCount) experts for width \(x.columns)")
    let (xValue, gateValue) = (value(of: x), value(of: gates))
    let (inputValue, outputValue) = (value(of: input), value(of: output))
    let result = Kernels.experts(
      xValue, gates: gateValue, input: inputValue, output: outputValue, dispatch: dispatch)
    return record(result.output, inputs: x, gates, input, output) { gradient, gradients in
      let parts = Kernels.expertGradients(
        of: gradient, x: xValue, gates: gateValue, inner: result.inner, input: inputValue,
        output: outputValue, dispatch: dispatch)
      gradients.add(parts.x, to: x)
      gradients.add(parts.gates, to: gates)
      gradients.add(parts.input, to: input)
      gradients.add(parts.output, to: output)
    }
  }
}
