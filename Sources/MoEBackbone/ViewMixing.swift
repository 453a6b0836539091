import Tensor

/// Lets the views of an item see one another: x + U·gelu(D·n + b), n the item's normed views.
///
/// The V rows of an item are read as one row of V·d values, as the token-mixing layer of
/// MLP-Mixer does across positions (Tolstikhin and others 2021, equation 1), but through one narrow
/// layer for all channels. D [m, V·d]; U [V·d, m] starts near zero.
struct ViewMixing: Sendable {
  let configuration: BackboneConfiguration
  let name: String
  /// How much smaller than usual U starts.
  let outputGain: Float

  private var itemWidth: Int { configuration.views * configuration.width }

  var parameterShapes: [ParameterShape] {
    [
      .vector(name + ".norm.gain", width: configuration.width, value: 1),
      .vector(name + ".norm.bias", width: configuration.width),
      .weight(name + ".input.weight", output: configuration.mixingWidth, input: itemWidth),
      .vector(name + ".input.bias", width: configuration.mixingWidth),
      .weight(
        name + ".output.weight", output: itemWidth, input: configuration.mixingWidth,
        factor: outputGain),
    ]
  }

  /// What is added to `x` [N·V, d].
  func update(
    _ x: Tape.Variable, on tape: Tape, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let normed = tape.layerNorm(
      x, gain: weights(name + ".norm.gain"), bias: weights(name + ".norm.bias"))
    let items = tape.reshaping(
      normed, rows: x.rows / configuration.views, columns: itemWidth)
    let inner = tape.gelu(
      tape.linear(
        items, weight: weights(name + ".input.weight"), bias: weights(name + ".input.bias")))
    return tape.reshaping(
      tape.linear(inner, weight: weights(name + ".output.weight")), rows: x.rows,
      columns: x.columns)
  }
}
