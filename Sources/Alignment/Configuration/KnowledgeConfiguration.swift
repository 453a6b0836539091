/// How the knowledge graph is fused into texts.
package struct KnowledgeConfiguration: Sendable, Equatable, Codable {
  /// K, the linked terms that a text can have.
  package var slots = 8
  /// Width of a term's first view: the leading components of the text view of name and definition.
  package var termWidth = 512
  /// Width of a term's embedding.
  package var width = 128
  /// Rounds of messages between terms.
  package var layers = 1
  /// Basis matrices of a round.
  package var bases = 4
  /// Neighbours that speak to a term, for each relation and direction.
  package var neighbors = 16
  /// Heads of the attention of a text's views over its terms.
  package var heads = 4
  /// Width of a head.
  package var headWidth = 32
  /// Whether the views are added to what was attended.
  package var isResidual = true
  /// Layers of the quantum-inspired residual layer; 0 leaves it out.
  package var circuitLayers = 0

  /// The default sizes.
  package init() {}

  /// The words for the first thing that cannot be, or nothing.
  var problem: String? {
    for (name, value) in [
      ("slots", slots), ("termWidth", termWidth), ("width", width), ("bases", bases),
      ("neighbors", neighbors), ("heads", heads), ("headWidth", headWidth),
    ] where value < 1 {
      return "\(name) is \(value), at least 1 expected"
    }
    for (name, value) in [("layers", layers), ("circuitLayers", circuitLayers)] where value < 0 {
      return "\(name) is \(value), at least 0 expected"
    }
    return nil
  }
}
