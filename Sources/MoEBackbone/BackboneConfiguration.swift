/// The shape of the backbone and the constants of its routing.
///
/// Dimension letters: N items, V views, T = N·V tokens, d width, E routed experts, k chosen ones,
/// h width of an expert.
package struct BackboneConfiguration: Sendable, Equatable, Codable {
  /// How a token finds its experts.
  package enum Routing: String, Sendable, Codable {
    /// One key for each expert.
    case keys
    /// Two codebooks of √E keys, an expert for each pair; E must be a square.
    case productKeys
  }

  /// d, the width of a view.
  package var width = 256
  /// V, the views of an item.
  package var views = 2
  /// How many blocks.
  package var blocks = 2
  /// E, the routed experts of a block.
  package var experts = 64
  /// h, the inner width of a routed expert.
  package var expertWidth = 8
  /// k, the routed experts of a token.
  package var chosenExperts = 8
  /// Experts that every token uses.
  package var sharedExperts = 2
  /// The inner width of a shared expert.
  package var sharedExpertWidth = 256
  /// m, the inner width of the layer that mixes an item's views; 0 leaves it out.
  package var mixingWidth = 128
  /// How a token finds its experts.
  package var routing = Routing.keys
  /// Weight of the z-loss of each block; 0 leaves it out.
  package var zLossWeight: Float = 0
  /// γ, how far a selection bias moves in a step.
  package var biasStep: Float = 1e-3
  /// The control of the routing entropy.
  package var entropy = EntropyController.Configuration()
  /// The inner width of a domain adapter.
  package var adapterWidth = 16

  /// The default shape.
  package init() {}

  /// V is decided by the model, not by its settings.
  private enum CodingKeys: CodingKey {
    case width, blocks, experts, expertWidth, chosenExperts, sharedExperts, sharedExpertWidth
    case mixingWidth, routing, zLossWeight, biasStep, entropy, adapterWidth
  }

  /// The side of the square of experts when keys are products.
  var codes: Int { Int(Double(experts).squareRoot().rounded()) }

  /// The words for the first thing that cannot be, or nothing.
  package var problem: String? {
    for (name, value) in [
      ("width", width), ("views", views), ("blocks", blocks), ("experts", experts),
      ("expertWidth", expertWidth), ("chosenExperts", chosenExperts),
      ("adapterWidth", adapterWidth),
    ] where value < 1 {
      return "\(name) is \(value), at least 1 expected"
    }
    if sharedExperts < 0 || (sharedExperts > 0 && sharedExpertWidth < 1) {
      return "\(sharedExperts) shared experts of width \(sharedExpertWidth)"
    }
    if mixingWidth < 0 { return "mixingWidth is \(mixingWidth), at least 0 expected" }
    if chosenExperts > experts { return "\(chosenExperts) chosen of \(experts) experts" }
    if routing == .productKeys && codes * codes != experts {
      return "\(experts) experts are not a square, as product keys need"
    }
    if !(zLossWeight >= 0 && biasStep >= 0) { return "a weight is negative" }
    return entropy.problem
  }
}
