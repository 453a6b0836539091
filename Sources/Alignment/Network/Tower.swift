import Tensor

/// One modality's straight way from its fitted views into the shared space.
///
/// W₀·x + W₂·gelu(W₁·x + b): a linear map with a learned correction. Shapes: x [N, view],
/// W₁ [hidden, view], b [1, hidden], W₀ [output, view], W₂ [output, hidden]; the result is
/// [N, output], of any length.
struct Tower: Sendable {
  let modality: Modality

  func name(_ part: String) -> String { "\(modality.rawValue).\(part)" }

  /// Weights start normal with variance 1/fan-in, the bias at zero.
  func parameterShapes(
    viewWidth: Int, configuration: TrainingConfiguration
  ) -> [ParameterShape] {
    let hidden = configuration.hiddenWidth
    let output = configuration.outputWidth
    return [
      .weight(name("skip.weight"), output: output, input: viewWidth),
      .weight(name("hidden.weight"), output: hidden, input: viewWidth),
      .vector(name("hidden.bias"), width: hidden),
      .weight(name("output.weight"), output: output, input: hidden),
    ]
  }

  /// The sum for views x, which dropout has acted on already; `weights` finds a variable by
  /// parameter name.
  func forward(
    _ x: Tape.Variable, on tape: Tape, mode: LayerMode, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let hidden = tape.dropout(
      tape.gelu(
        tape.linear(x, weight: weights(name("hidden.weight")), bias: weights(name("hidden.bias")))),
      mode: mode, site: modality == .molecule ? 1003 : 1004)
    return tape.adding(
      tape.linear(x, weight: weights(name("skip.weight"))),
      tape.linear(hidden, weight: weights(name("output.weight"))))
  }
}
