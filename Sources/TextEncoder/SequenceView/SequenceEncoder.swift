package import Tensor

/// The sequence view: a small pre-norm transformer over sub-word tokens.
///
/// N texts, T tokens of all of them, d width, h hidden width. A token starts as the embedding of
/// its piece plus that of its place (after a space, adjoining, inside a word). Each layer is
///
///     x ← x + O·attention(R·Q·x̂, R·K·x̂, V·x̂),   x ← x + W₂·gelu(W₁·x̂ + b₁) + b₂
///
/// with x̂ the layer-normalised x (Xiong et al. 2020, figure 1b), attention inside each text
/// (Vaswani et al. 2017, equation 1) and R the rotation by position (Su et al. 2021, equation 34).
/// The view is the normalised class token after the last layer. Nothing reads the other tokens of
/// the last layer, so there only the class token asks and only it passes the second half: that
/// layer is a learned pooling, and costs a third of a full one.
///
/// Texts are cut at ``Configuration/maximumLength`` tokens. Nothing is padded: a text's vector has
/// the same bits whatever its batch-mates are.
package struct SequenceEncoder: Sendable {
  /// The shape of the encoder.
  package struct Configuration: Sendable, Equatable, Codable {
    /// Width d of a token and of the view.
    package var width = 128
    /// Layers, at least 1; the last one pools.
    package var layers = 2
    /// Width h between the two linear maps of a layer.
    package var hiddenWidth = 256
    /// Heads of attention; each head has an even width.
    package var heads = 4
    /// Tokens of a text that are read, the class token included.
    package var maximumLength = 128

    /// The measured defaults.
    package init() {}

    /// The words for the first thing that cannot be, or nothing.
    package var problem: String? {
      if width < 1 || hiddenWidth < 1 { return "widths \(width) and \(hiddenWidth)" }
      if layers < 1 { return "\(layers) layers" }
      if maximumLength < 1 { return "texts of \(maximumLength) tokens" }
      return heads < 1 || width % (2 * heads) != 0
        ? "\(heads) heads of an even width in \(width)" : nil
    }
  }

  /// The shape of the encoder.
  package let configuration: Configuration
  /// Tokens of the vocabulary.
  package let vocabularySize: Int
  /// Comes before the names of the parameters.
  package let prefix: String
  private let rotation: RotaryTable

  /// An encoder whose parameters are called `prefix.…`.
  package init(
    _ configuration: Configuration, vocabularySize: Int, prefix: String = "text.sequence"
  ) {
    if let problem = configuration.problem { preconditionFailure(problem) }
    self.configuration = configuration
    self.vocabularySize = vocabularySize
    self.prefix = prefix
    rotation = RotaryTable(
      positions: configuration.maximumLength, head: configuration.width / configuration.heads)
  }

  /// Width of the view.
  package var width: Int { configuration.width }

  /// The parameters, in order.
  package var parameterShapes: [ParameterShape] {
    let (d, h) = (configuration.width, configuration.hiddenWidth)
    var shapes = [
      ParameterShape(
        name: "\(prefix).token.embedding", rows: vocabularySize, columns: d, decays: false,
        start: .spread(0.1)),
      ParameterShape(
        name: "\(prefix).place.embedding", rows: SubwordText.Place.allCases.count, columns: d,
        decays: false, start: .spread(0.1)),
    ]
    for layer in 0..<configuration.layers {
      let name = "\(prefix).\(layer)"
      shapes += [
        .vector("\(name).attention.norm.gain", width: d, value: 1),
        .vector("\(name).attention.norm.bias", width: d),
        .weight("\(name).query.weight", output: d, input: d),
        .weight("\(name).key.weight", output: d, input: d),
        .weight("\(name).value.weight", output: d, input: d),
        .weight("\(name).attention.weight", output: d, input: d),
        .vector("\(name).attention.bias", width: d),
        .vector("\(name).hidden.norm.gain", width: d, value: 1),
        .vector("\(name).hidden.norm.bias", width: d),
        .weight("\(name).hidden.weight", output: h, input: d),
        .vector("\(name).hidden.bias", width: h),
        .weight("\(name).output.weight", output: d, input: h),
        .vector("\(name).output.bias", width: d),
      ]
    }
    shapes += [
      .vector("\(prefix).norm.gain", width: d, value: 1),
      .vector("\(prefix).norm.bias", width: d),
    ]
    return shapes
  }

  /// The views of texts without dropout, in parallel; [texts.count, d].
  ///
  /// Texts must have been encoded with ``Configuration/maximumLength`` as their limit.
  package func encode(_ texts: [SubwordText], parameters: ParameterSet) -> Matrix {
    let lookup = parameters.lookup
    let views = Parallel.map(
      texts.count, atMost: Self.tileTokens, size: { texts[$0].tokens.count }
    ) { range in
      let tape = Tape()
      let output = forward(TokenBatch(texts[range]), on: tape, mode: .inference) { name in
        tape.constant(lookup(name))
      }
      return tape.value(of: output).values
    }
    return Matrix(rows: texts.count, columns: width, values: Array(views.joined()))
  }

  /// Tokens of a tile: its matrices stay in the second-level cache.
  private static let tileTokens = 1024
}

extension SequenceEncoder {
  /// The view of each text of a batch; [N, d].
  ///
  /// `weights` finds a variable by parameter name. In training, dropout acts on the embeddings and on what each half of a layer adds.
  package func forward(
    _ batch: TokenBatch, on tape: Tape, mode: LayerMode, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let pieces = tape.gatheringRows(weights("\(prefix).token.embedding"), batch.tokens)
    let places = tape.gatheringRows(weights("\(prefix).place.embedding"), batch.places)
    var x = tape.dropout(tape.adding(pieces, places), mode: mode, site: 0)
    for layer in 0..<configuration.layers {
      let isLast = layer == configuration.layers - 1
      let name = "\(prefix).\(layer)"
      let normal = normalized(x, "\(name).attention.norm", on: tape, weights)
      var (asking, rows, positions) = (normal, batch.texts, batch.positions)
      if isLast {
        // The class token stands first in its text.
        let first = batch.texts.firstRows
        x = tape.gatheringRows(x, first)
        asking = tape.gatheringRows(normal, first)
        rows = batch.texts.single
        positions = [Int32](repeating: 0, count: rows.count)
      }
      let attended = attention(
        asking, rows, positions: positions, over: normal, batch, name, on: tape, weights)
      x = tape.adding(x, tape.dropout(attended, mode: mode, site: 2 * layer + 1))
      let hidden = tape.gelu(
        tape.rowLinear(
          normalized(x, "\(name).hidden.norm", on: tape, weights),
          weight: weights("\(name).hidden.weight"), bias: weights("\(name).hidden.bias")))
      let update = tape.rowLinear(
        hidden, weight: weights("\(name).output.weight"), bias: weights("\(name).output.bias"))
      x = tape.adding(x, tape.dropout(update, mode: mode, site: 2 * layer + 2))
    }
    return normalized(x, "\(prefix).norm", on: tape, weights)
  }

  private func normalized(
    _ x: Tape.Variable, _ name: String, on tape: Tape, _ weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    tape.layerNorm(x, gain: weights("\(name).gain"), bias: weights("\(name).bias"))
  }

  /// Attention of `asking`, whose rows have the given positions, over all tokens.
  private func attention(
    _ asking: Tape.Variable, _ rows: Segments, positions: [Int32], over tokens: Tape.Variable,
    _ batch: TokenBatch, _ name: String, on tape: Tape, _ weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let heads = configuration.heads
    let query = tape.rowLinear(asking, weight: weights("\(name).query.weight"))
    let key = tape.rowLinear(tokens, weight: weights("\(name).key.weight"))
    let value = tape.rowLinear(tokens, weight: weights("\(name).value.weight"))
    let attended = tape.attention(
      queries: tape.rotating(query, by: rotation, positions: positions, heads: heads),
      keys: tape.rotating(key, by: rotation, positions: batch.positions, heads: heads),
      values: value, querySegments: rows, keySegments: batch.texts, heads: heads)
    return tape.rowLinear(
      attended, weight: weights("\(name).attention.weight"),
      bias: weights("\(name).attention.bias"))
  }
}
