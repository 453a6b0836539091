import Foundation
import Fusion
import Knowledge
package import MoEBackbone
import Molecule
package import Tensor
import TextEncoder

/// What is learned: from what is read of molecules and texts to unit vectors of one space.
///
///     z = tower(x) + U·[y₁ … y_V],   then to unit length
///
/// x [N, view] are the fitted views of an item, y its tokens [V, d] after fusion and backbone. The
/// first token is a projection of x, the second one the graph of a molecule or the sequence of a
/// text; a modality that lacks the second view of the other has a learned vector in its place.
/// Without graph view, sequence view, backbone and fusion there are no tokens, only towers.
package struct AlignmentNetwork: Sendable {
  /// Widths of the fitted views.
  package struct Widths: Sendable, Equatable {
    /// Of molecules.
    package let molecule: Int
    /// Of texts.
    package let text: Int
    /// Tokens of the sub-word vocabulary; 0 without a sequence view.
    package let vocabulary: Int
    /// Of a term's first view, and the relations in both directions; zeros without knowledge.
    package let term: Int
    package let relations: Int

    /// The widths of views that are fitted.
    package init(molecule: Int, text: Int, vocabulary: Int = 0, term: Int = 0, relations: Int = 0) {
      self.molecule = molecule
      self.text = text
      self.vocabulary = vocabulary
      self.term = term
      self.relations = relations
    }
  }

  /// What one pass over a batch gave.
  package struct Pass {
    /// Unit vectors [N, output].
    package let vectors: Tape.Variable
    /// What is added to the loss as it is; nil for nothing.
    package let penalty: Tape.Variable?
    /// What each block's router did; none without a backbone.
    package let routings: [RoutingTrace]
  }

  /// Embeddings of linked terms for the slots of some texts; [N·K, knowledge width].
  typealias TermVectors = (LinkedTerms, Tape) -> Tape.Variable

  /// The settings.
  package let configuration: TrainingConfiguration
  /// Widths of the fitted views.
  package let widths: Widths
  let backbone: Backbone?
  let graph: GraphEncoder?
  let sequence: SequenceEncoder?
  let fusion: KnowledgeFusion?
  let terms: NeighbourhoodEncoder?

  /// A network of the enabled parts.
  package init(configuration: TrainingConfiguration, widths: Widths) {
    self.configuration = configuration
    self.widths = widths
    graph = configuration.graphView.isEnabled ? GraphEncoder(configuration.graphView.shape) : nil
    sequence =
      configuration.sequenceView.isEnabled
      ? SequenceEncoder(
        configuration.sequenceView.shape.encoder, vocabularySize: widths.vocabulary) : nil
    var shape = configuration.backbone.shape
    shape.views = Self.tokens(configuration)
    backbone = configuration.backbone.isEnabled ? Backbone(configuration: shape) : nil
    let knowledge = configuration.knowledge
    fusion =
      knowledge.isEnabled
      ? KnowledgeFusion(
        KnowledgeFusion.Configuration(
          textWidth: shape.width, knowledgeWidth: knowledge.shape.width,
          heads: knowledge.shape.heads, headWidth: knowledge.shape.headWidth,
          isResidual: knowledge.shape.isResidual, circuitLayers: knowledge.shape.circuitLayers))
      : nil
    terms =
      knowledge.isEnabled
      ? NeighbourhoodEncoder(
        NeighbourhoodEncoder.Configuration(
          viewWidth: widths.term, width: knowledge.shape.width,
          relationCount: widths.relations, bases: knowledge.shape.bases,
          layers: knowledge.shape.layers)) : nil
  }

  /// V: two as soon as one modality has a second view.
  private static func tokens(_ configuration: TrainingConfiguration) -> Int {
    configuration.graphView.isEnabled || configuration.sequenceView.isEnabled ? 2 : 1
  }

  private var tokenCount: Int { Self.tokens(configuration) }
  /// d.
  private var tokenWidth: Int { configuration.backbone.shape.width }

  /// Whether there is anything beside the towers.
  var hasTokens: Bool {
    backbone != nil || graph != nil || sequence != nil || fusion != nil
  }

  /// The routers' state before the first step; no blocks without a backbone.
  package var initialState: BackboneState? { backbone?.initialState }

  static let logScaleName = "logScale"

  // MARK: Parameters

  /// All parameters, in order.
  package var parameterShapes: [ParameterShape] {
    var shapes = Modality.allCases.flatMap { modality in
      Tower(modality: modality).parameterShapes(
        viewWidth: viewWidth(modality), configuration: configuration)
    }
    if hasTokens {
      for modality in Modality.allCases {
        shapes += stack(modality).parameterShapes
        if lacksSecondView(modality) {
          shapes.append(
            ParameterShape(
              name: fillerName(modality), rows: 1, columns: tokenWidth, decays: false,
              start: .spread(0.02)))
        }
        shapes.append(
          .weight(
            joinName(modality), output: configuration.outputWidth, input: tokenCount * tokenWidth,
            factor: Self.joinGain))
      }
    }
    shapes += graph?.parameterShapes ?? []
    shapes += sequence?.parameterShapes ?? []
    shapes += terms?.parameterShapes ?? []
    shapes += fusion?.parameterShapes ?? []
    shapes += backbone?.parameterShapes ?? []
    shapes.append(
      .vector(Self.logScaleName, width: 1, value: -log(configuration.initialTemperature)))
    return shapes
  }

  /// How much smaller than usual U starts: the towers lead.
  private static let joinGain: Float = 0.3

  private func viewWidth(_ modality: Modality) -> Int {
    modality == .molecule ? widths.molecule : widths.text
  }

  private func lacksSecondView(_ modality: Modality) -> Bool {
    tokenCount == 2 && (modality == .molecule ? graph == nil : sequence == nil)
  }

  private func fillerName(_ modality: Modality) -> String { "\(modality.rawValue).tokens.absent" }
  private func joinName(_ modality: Modality) -> String { "\(modality.rawValue).tokens.output" }

  private func stack(_ modality: Modality) -> ViewStack {
    var views = [ViewStack.View(name: "fitted", width: viewWidth(modality))]
    switch modality {
    case .molecule:
      if let graph { views.append(ViewStack.View(name: "graph", width: graph.width)) }
    case .text:
      if let sequence { views.append(ViewStack.View(name: "sequence", width: sequence.width)) }
    }
    return ViewStack(prefix: "\(modality.rawValue).tokens", views: views, width: tokenWidth)
  }

  // MARK: Passes

  /// Unit vectors of molecules; `weights` finds a variable by parameter name.
  ///
  /// `graphViews` [N, graph width] stand in for the graph encoder's when they are known already.
  func molecules(
    _ inputs: MoleculeInputs, graphViews: Matrix? = nil, on tape: Tape, mode: LayerMode,
    state: BackboneState?, weights: (String) -> Tape.Variable
  ) -> Pass {
    let x = dropping(tape.constant(inputs.views), .molecule, mode, on: tape)
    let tower = Tower(modality: .molecule).forward(x, on: tape, mode: mode, weights: weights)
    guard hasTokens else { return pass(tower, on: tape) }
    var views = [x]
    if let graph {
      views.append(
        graphViews.map(tape.constant)
          ?? graph.forward(
            GraphBatch(inputs.graphs), on: tape, mode: mode.part(1), weights: weights))
    }
    let tokens = stacked(views, .molecule, on: tape, weights: weights)
    return joined(
      tower, tokens, .molecule, domains: [Domain](repeating: .default, count: inputs.count),
      on: tape, mode: mode, state: state, weights: weights)
  }

  /// Unit vectors of texts; `terms` gives the vectors of the terms they mention.
  ///
  /// `sequenceViews` [N, sequence width] stand in for the sequence encoder's when they are known
  /// already.
  func texts(
    _ inputs: TextInputs, sequenceViews: Matrix? = nil, on tape: Tape, mode: LayerMode,
    state: BackboneState?, terms: TermVectors, weights: (String) -> Tape.Variable
  ) -> Pass {
    let x = dropping(tape.constant(inputs.views), .text, mode, on: tape)
    let tower = Tower(modality: .text).forward(x, on: tape, mode: mode, weights: weights)
    guard hasTokens else { return pass(tower, on: tape) }
    var views = [x]
    if let sequence {
      views.append(
        sequenceViews.map(tape.constant)
          ?? sequence.forward(
            TokenBatch(inputs.sequences), on: tape, mode: mode.part(2), weights: weights))
    }
    var tokens = stacked(views, .text, on: tape, weights: weights)
    if let fusion, let linked = inputs.linked, linked.terms.contains(where: { $0 != nil }) {
      tokens = fusion.forward(
        tokens, viewsPerItem: tokenCount,
        knowledge: KnowledgeFusion.Knowledge(
          vectors: terms(linked, tape), mask: linked.mask),
        on: tape, weights: weights)
    }
    return joined(
      tower, tokens, .text, domains: inputs.domains, on: tape, mode: mode, state: state,
      weights: weights)
  }

  private func dropping(
    _ x: Tape.Variable, _ modality: Modality, _ mode: LayerMode, on tape: Tape
  ) -> Tape.Variable {
    tape.dropout(x, mode: mode, site: modality == .molecule ? 1001 : 1002)
  }

  /// Tokens [N·V, d]; the second one of a modality that lacks it is its learned vector.
  private func stacked(
    _ views: [Tape.Variable], _ modality: Modality, on tape: Tape,
    weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    let stack = stack(modality)
    let tokens = stack.forward(views, on: tape, weights: weights)
    guard lacksSecondView(modality) else { return tokens }
    let filler = tape.gatheringRows(
      weights(fillerName(modality)), [Int](repeating: 0, count: tokens.rows))
    return tape.reshaping(
      tape.concatenatingColumns(tokens, filler), rows: 2 * tokens.rows, columns: tokenWidth)
  }

  private func joined(
    _ tower: Tape.Variable, _ tokens: Tape.Variable, _ modality: Modality, domains: [Domain],
    on tape: Tape, mode: LayerMode, state: BackboneState?, weights: (String) -> Tape.Variable
  ) -> Pass {
    var tokens = tokens
    var output: Backbone.Output?
    if let backbone, let state {
      let result = backbone(
        tokens, domains: domains, on: tape, state: state,
        mode: mode.part(modality == .molecule ? 3 : 4), weights: weights)
      tokens = result.views
      output = result
    }
    let side = tape.linear(
      tape.reshaping(tokens, rows: domains.count, columns: tokenCount * tokenWidth),
      weight: weights(joinName(modality)))
    return pass(
      tape.adding(tower, side), penalty: output?.penalty, routings: output?.routings ?? [],
      on: tape)
  }

  private func pass(
    _ sum: Tape.Variable, penalty: Tape.Variable? = nil, routings: [RoutingTrace] = [],
    on tape: Tape
  ) -> Pass {
    Pass(vectors: tape.normalizingRows(sum), penalty: penalty, routings: routings)
  }
}
