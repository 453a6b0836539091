package import Tensor

/// Lets the views of a text look at what is known about the things it mentions.
///
/// Pre-norm multi-head cross-attention (Vaswani et al. 2017, section 3.2.2; residual and norm as in
/// Xiong et al. 2020): o = Wₒ·attention(W_q·LN(x), W_k·LN(g), W_v·LN(g)) + bₒ, then y = x + o, or
/// y = o without residual, then the ``QuantumResidual`` layer if there is one. x are text views
/// [N, V, text width], g knowledge vectors [N, K, knowledge width] with a mask; y has the text width.
///
/// An item without open slots keeps its views bit for bit, and so does every item when there is no
/// knowledge at all. Closed slots are never looked at, so padding changes nothing, and an item's
/// result has the same bits whatever its batch-mates are.
package struct KnowledgeFusion: Sendable {
  /// The sizes and choices of a fusion.
  package struct Configuration: Sendable, Equatable, Codable {
    /// Width of text views, and of the output.
    package var textWidth: Int
    /// Width of knowledge vectors.
    package var knowledgeWidth: Int
    /// Heads of the attention.
    package var heads: Int
    /// Width of one head.
    package var headWidth: Int
    /// Whether the views are added to what was attended.
    package var isResidual: Bool
    /// Layers of the quantum-inspired residual layer; 0 for none.
    package var circuitLayers: Int

    /// Sizes of at least 1.
    package init(
      textWidth: Int, knowledgeWidth: Int, heads: Int = 4, headWidth: Int = 32,
      isResidual: Bool = true, circuitLayers: Int = 0
    ) {
      precondition(textWidth >= 1 && knowledgeWidth >= 1 && heads >= 1 && headWidth >= 1)
      precondition(circuitLayers >= 0)
      self.textWidth = textWidth
      self.knowledgeWidth = knowledgeWidth
      self.heads = heads
      self.headWidth = headWidth
      self.isResidual = isResidual
      self.circuitLayers = circuitLayers
    }

    private enum CodingKeys: CodingKey {
      case textWidth, knowledgeWidth, heads, headWidth, isResidual, circuitLayers
    }
  }

  /// Knowledge for a batch of texts.
  package struct Knowledge {
    /// The vectors [N·K, knowledge width], finite also where the mask is false.
    package let vectors: Tape.Variable
    /// N·K values, true where a slot holds a linked term.
    package let mask: [Bool]

    /// Pairs vectors with their mask.
    package init(vectors: Tape.Variable, mask: [Bool]) {
      precondition(vectors.rows == mask.count, "\(vectors.rows) vectors, \(mask.count) in the mask")
      self.vectors = vectors
      self.mask = mask
    }
  }

  /// The sizes and choices.
  package let configuration: Configuration
  /// Stands before the names of the parameters.
  package let name: String
  private let quantum: QuantumResidual?

  /// A fusion of the given sizes.
  package init(_ configuration: Configuration, name: String = "fusion") {
    self.configuration = configuration
    self.name = name
    quantum =
      configuration.circuitLayers == 0
      ? nil
      : QuantumResidual(
        width: configuration.textWidth, layers: configuration.circuitLayers,
        name: name + ".quantum")
  }

  private var innerWidth: Int { configuration.heads * configuration.headWidth }

  /// The parameters, in order: weights start normal with variance 1/fan-in (a tenth of the
  /// deviation for the output), gains at 1, biases at 0.
  package var parameterShapes: [ParameterShape] {
    let (text, knowledge) = (configuration.textWidth, configuration.knowledgeWidth)
    let shapes: [ParameterShape] = [
      .vector("\(name).text.gain", width: text, value: 1),
      .vector("\(name).text.bias", width: text),
      .vector("\(name).knowledge.gain", width: knowledge, value: 1),
      .vector("\(name).knowledge.bias", width: knowledge),
      .weight("\(name).query.weight", output: innerWidth, input: text),
      .weight("\(name).key.weight", output: innerWidth, input: knowledge),
      .weight("\(name).value.weight", output: innerWidth, input: knowledge),
      .weight("\(name).output.weight", output: text, input: innerWidth, factor: 0.1),
      .vector("\(name).output.bias", width: text),
    ]
    return shapes + (quantum?.parameterShapes ?? [])
  }

  /// Fresh parameters of ``parameterShapes``.
  package func initialParameters(random: inout RandomSource) -> [ParameterSet.Parameter] {
    parameterShapes.map { $0.initial(random: &random) }
  }

  /// The views of N texts with what their mentions add; the shape of `views`.
  ///
  /// `views` [N·V, text width], V rows for each text; `knowledge` [N·K, knowledge width] or nil.
  package func forward(
    _ views: Tape.Variable, viewsPerItem: Int, knowledge: Knowledge?, on tape: Tape,
    weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    precondition(
      viewsPerItem >= 1 && views.rows % viewsPerItem == 0
        && views.columns == configuration.textWidth,
      "views [\(views.rows), \(views.columns)] of \(viewsPerItem) rows an item, "
        + "width \(configuration.textWidth) expected")
    guard let knowledge, knowledge.mask.contains(true) else { return views }
    let items = views.rows / viewsPerItem
    precondition(
      knowledge.mask.count % items == 0
        && knowledge.vectors.columns == configuration.knowledgeWidth,
      "knowledge [\(knowledge.vectors.rows), \(knowledge.vectors.columns)] for \(items) items, "
        + "width \(configuration.knowledgeWidth) expected")
    let slots = knowledge.mask.count / items
    func weight(_ part: String) -> Tape.Variable { weights("\(name).\(part)") }

    let text = tape.layerNorm(views, gain: weight("text.gain"), bias: weight("text.bias"))
    let facts = tape.layerNorm(
      knowledge.vectors, gain: weight("knowledge.gain"), bias: weight("knowledge.bias"))
    func project(_ x: Tape.Variable, _ part: String, bias: String? = nil) -> Tape.Variable {
      tape.rowLinear(x, weight: weight(part), bias: bias.map(weight))
    }
    let attended = tape.crossAttention(
      queries: project(text, "query.weight"), keys: project(facts, "key.weight"),
      values: project(facts, "value.weight"), mask: knowledge.mask,
      shape: CrossAttentionShape(
        views: viewsPerItem, slots: slots, heads: configuration.heads))
    var fused = project(attended, "output.weight", bias: "output.bias")
    if configuration.isResidual { fused = tape.adding(views, fused) }
    if let quantum { fused = quantum.forward(fused, on: tape, weights: weights) }

    var hasKnowledge: [Bool] = []
    hasKnowledge.reserveCapacity(views.rows)
    for item in 0..<items {
      let isLinked = knowledge.mask[item * slots..<(item + 1) * slots].contains(true)
      for _ in 0..<viewsPerItem { hasKnowledge.append(isLinked) }
    }
    if !hasKnowledge.contains(false) { return fused }
    return tape.selectingRows(hasKnowledge, from: fused, otherwise: views)
  }
}
