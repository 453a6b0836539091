import Tensor

/// One modality's way from its view into the shared space.
///
/// z = W₀·x + W₂·gelu(W₁·x + b), to unit length: a linear map with a learned correction. Shapes:
/// x [N, view], W₁ [hidden, view], b [1, hidden], W₀ [output, view], W₂ [output, hidden],
/// z [N, output].
struct Tower: Sendable {
  /// Whether dropout is active, with the seed of its masks.
  enum Mode {
    case inference
    case training(dropout: Float, seed: UInt64)
  }

  let modality: Modality

  private func name(_ part: String) -> String { "\(modality.rawValue).\(part)" }

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

  /// Unit vectors [N, output] for views [N, view]; `weights` finds a variable by parameter name.
  func forward(
    _ view: Tape.Variable, on tape: Tape, mode: Mode, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    var x = view
    if case .training(let rate, let seed) = mode {
      x = tape.dropout(x, rate: rate, seed: seed)
    }
    var hidden = tape.gelu(
      tape.linear(x, weight: weights(name("hidden.weight")), bias: weights(name("hidden.bias"))))
    if case .training(let rate, let seed) = mode {
      hidden = tape.dropout(hidden, rate: rate, seed: seed ^ 0x5851_f42d_4c95_7f2d)
    }
    let sum = tape.adding(
      tape.linear(x, weight: weights(name("skip.weight"))),
      tape.linear(hidden, weight: weights(name("output.weight"))))
    return tape.normalizingRows(sum)
  }

  /// Unit vectors for views, without dropout; [N, output].
  ///
  /// Works on blocks of rows, so that memory does not grow with N beyond the result.
  func encode(_ views: Matrix, parameters: ParameterSet) -> Matrix {
    let block = 1024
    if views.rows <= block { return encodeBlock(views, parameters: parameters) }
    var output: [Float] = []
    output.reserveCapacity(views.rows * parameters[name("skip.weight")].rows)
    for start in stride(from: 0, to: views.rows, by: block) {
      let rows = Array(start..<min(start + block, views.rows))
      output += encodeBlock(views.gatheringRows(rows), parameters: parameters).values
    }
    return Matrix(rows: views.rows, columns: output.count / views.rows, values: output)
  }

  private func encodeBlock(_ views: Matrix, parameters: ParameterSet) -> Matrix {
    let tape = Tape()
    let output = forward(tape.constant(views), on: tape, mode: .inference) { name in
      tape.constant(parameters[name])
    }
    return tape.value(of: output)
  }
}
