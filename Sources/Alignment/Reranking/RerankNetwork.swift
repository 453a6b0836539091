import Tensor

/// Reads a text and a molecule together: tokens of each look at those of the other.
///
/// Multi-head cross-attention both ways (Vaswani and others 2017, equation 1), after Lu and others
/// 2019, "ViLBERT", section 3.1, one layer without norms: tokens are parts of a sum, and their
/// lengths say how much. With tokens x of one side and what they found y,
/// g = mean gelu(G·[x, y, x ∘ y] + b) for each side; with the projected views t of the text and m
/// of the molecule, logit = v·gelu(H·[g, g', t ∘ m] + h·s + c), s the first stage's score if it is
/// read. v starts at zero.
struct RerankNetwork: Sendable {
  /// Widths of what is read.
  struct Widths: Sendable, Equatable {
    /// Of a text's tokens.
    let text: Int
    /// Of a molecule's tokens.
    let molecule: Int
    /// Of a molecule's fitted views side by side.
    let fitted: Int
  }

  let configuration: RerankConfiguration
  let widths: Widths

  static let logScaleName = "logScale"
  /// Kinds of tokens: features, then the view; for molecules features of two tables, the view and
  /// the fitted views.
  private static let kinds = [Modality.text: 2, .molecule: 4]

  /// A batch of pairs of texts and molecules.
  struct Batch {
    /// The texts' tokens, [tokens, text width].
    let texts: TokenMatrix
    /// The molecules' tokens, [tokens, molecule width]; the last of each is zero.
    let molecules: TokenMatrix
    /// The molecules' fitted views, [molecules, fitted width].
    let fitted: Matrix
    /// The text and the molecule of each of P pairs.
    let pairs: [(text: Int, molecule: Int)]
    /// The scores of the first stage, P.
    let scores: [Float]
  }

  /// All parameters, in order.
  var parameterShapes: [ParameterShape] {
    let d = configuration.width
    let hidden = configuration.hiddenWidth
    var shapes: [ParameterShape] = []
    for (side, width) in [(Modality.text, widths.text), (.molecule, widths.molecule)] {
      let name = side.rawValue
      shapes += [
        .weight("\(name).projection", output: d, input: width),
        ParameterShape(
          name: "\(name).kinds", rows: Self.kinds[side] ?? 0, columns: d, decays: false,
          start: .spread(0.02)),
        .weight("\(name).query", output: d, input: d),
        .weight("\(name).key", output: d, input: d),
        .weight("\(name).value", output: d, input: d),
        .weight("\(name).gate", output: d, input: 3 * d),
        .vector("\(name).gate.bias", width: d),
      ]
    }
    return shapes + [
      .weight("fitted.projection", output: d, input: widths.fitted),
      .weight(
        "hidden.weight", output: hidden, input: 3 * d + (configuration.readsScore ? 1 : 0)),
      .vector("hidden.bias", width: hidden),
      ParameterShape(
        name: "output.weight", rows: 1, columns: hidden, decays: true, start: .constant(0)),
      .vector(Self.logScaleName, width: 1, value: configuration.initialLogScale),
    ]
  }

  /// The logits of P pairs; [P, 1].
  ///
  /// A pair's logit has the same bits whatever the other pairs are.
  func logits(
    _ batch: Batch, on tape: Tape, mode: LayerMode, weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    func tokens(_ side: Modality, _ matrix: TokenMatrix) -> Tape.Variable {
      tape.adding(
        tape.rowLinear(
          tape.constant(matrix.values), weight: weights("\(side.rawValue).projection")),
        tape.gatheringRows(weights("\(side.rawValue).kinds"), matrix.kinds))
    }
    let fitted = tape.rowLinear(
      tape.constant(batch.fitted), weight: weights("fitted.projection"))
    let molecules = tape.dropout(
      tape.addingRows(
        tokens(.molecule, batch.molecules), fitted,
        at: batch.molecules.viewRows.map { $0 + 1 }), mode: mode, site: 1)
    let texts = tape.dropout(tokens(.text, batch.texts), mode: mode, site: 2)
    let textSide = side(
      .text, texts, batch.texts.segments, batch.pairs.map(\.text), on: tape, weights)
    let moleculeSide = side(
      .molecule, molecules, batch.molecules.segments, batch.pairs.map(\.molecule), on: tape,
      weights)
    let product = tape.multiplying(
      tape.gatheringRows(texts, batch.pairs.map { batch.texts.viewRows[$0.text] }),
      tape.gatheringRows(molecules, batch.pairs.map { batch.molecules.viewRows[$0.molecule] + 1 }))
    var joined = tape.concatenatingColumns(
      tape.concatenatingColumns(
        pooled(.text, textSide, lookingAt: moleculeSide, on: tape, weights),
        pooled(.molecule, moleculeSide, lookingAt: textSide, on: tape, weights)), product)
    if configuration.readsScore {
      joined = tape.concatenatingColumns(
        joined,
        tape.constant(
          Matrix(rows: batch.scores.count, columns: 1, values: batch.scores.map { 10 * $0 })))
    }
    let hidden = tape.dropout(
      tape.gelu(
        tape.rowLinear(joined, weight: weights("hidden.weight"), bias: weights("hidden.bias"))),
      mode: mode, site: 3)
    return tape.rowLinear(hidden, weight: weights("output.weight"))
  }

  /// One side's tokens, repeated for every pair.
  private struct Side {
    let tokens: Tape.Variable
    let queries: Tape.Variable
    let keys: Tape.Variable
    let values: Tape.Variable
    let segments: Segments
  }

  private func side(
    _ modality: Modality, _ tokens: Tape.Variable, _ segments: Segments, _ items: [Int],
    on tape: Tape, _ weights: (String) -> Tape.Variable
  ) -> Side {
    let rows = items.flatMap { Array(segments[$0]) }
    func repeated(_ part: String) -> Tape.Variable {
      tape.gatheringRows(
        tape.rowLinear(tokens, weight: weights("\(modality.rawValue).\(part)")), rows)
    }
    return Side(
      tokens: tape.gatheringRows(tokens, rows), queries: repeated("query"),
      keys: repeated("key"), values: repeated("value"),
      segments: Segments(lengths: items.map { segments[$0].count }))
  }

  private func pooled(
    _ modality: Modality, _ side: Side, lookingAt other: Side, on tape: Tape,
    _ weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let found = tape.attention(
      queries: side.queries, keys: other.keys, values: other.values,
      querySegments: side.segments, keySegments: other.segments, heads: configuration.heads)
    let all = tape.concatenatingColumns(
      tape.concatenatingColumns(side.tokens, found), tape.multiplying(side.tokens, found))
    return tape.segmentMean(
      tape.gelu(
        tape.rowLinear(
          all, weight: weights("\(modality.rawValue).gate"),
          bias: weights("\(modality.rawValue).gate.bias"))), side.segments)
  }
}
