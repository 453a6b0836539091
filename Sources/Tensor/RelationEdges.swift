/// Edges from source rows to target rows, each with a relation and a weight, grouped by target.
package struct RelationEdges: Sendable, Equatable {
  /// The number of targets.
  package let targets: Int
  /// The number of sources.
  package let sources: Int
  /// The number of relations.
  package let relations: Int
  /// Where each target's edges start, and the total at the end.
  package let offsets: [Int32]
  /// The source of each edge.
  package let sourceIndices: [Int32]
  /// The relation of each edge.
  package let relationIndices: [Int32]
  /// The weight of each edge.
  package let weights: [Float]

  /// Joins the edges of every target: (source, relation, weight), all in range.
  package init(
    sources: Int, relations: Int,
    edgesOfTargets: [[(source: Int, relation: Int, weight: Float)]]
  ) {
    targets = edgesOfTargets.count
    self.sources = sources
    self.relations = relations
    var offsets: [Int32] = [0]
    var (sourceIndices, relationIndices): ([Int32], [Int32]) = ([], [])
    var weights: [Float] = []
    for edges in edgesOfTargets {
      for edge in edges {
        precondition(
          (0..<sources).contains(edge.source) && (0..<relations).contains(edge.relation),
          "edge from \(edge.source) of \(sources), relation \(edge.relation) of \(relations)")
        sourceIndices.append(Int32(edge.source))
        relationIndices.append(Int32(edge.relation))
        weights.append(edge.weight)
      }
      offsets.append(Int32(sourceIndices.count))
    }
    self.offsets = offsets
    self.sourceIndices = sourceIndices
    self.relationIndices = relationIndices
    self.weights = weights
  }
}
