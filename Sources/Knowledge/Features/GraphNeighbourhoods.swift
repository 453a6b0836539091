package import Tensor

/// Chooses which neighbours speak to a term.
///
/// Every relation counts twice: relation r from object to subject is number r, and from subject to
/// object R + r. A term hears at most `limit` neighbours a relation and direction, evenly spaced in
/// their order, because some terms (a common role) have thousands; the choice depends on the graph
/// alone.
package struct GraphNeighbourhoods: Sendable {
  /// The graph.
  package let graph: KnowledgeGraph
  /// The most neighbours for each relation and direction.
  package let limit: Int

  /// Neighbourhoods in a graph; `limit` is at least 1.
  package init(_ graph: KnowledgeGraph, limit: Int = 16) {
    precondition(limit >= 1, "a limit of \(limit)")
    self.graph = graph
    self.limit = limit
  }

  /// 2R: the relations in both directions.
  package var relationCount: Int { 2 * graph.relations.count }

  /// What a term hears: each neighbour's number, the relation, and 1/c, c being the number of
  /// neighbours that are heard through the same relation.
  package func messages(to term: Int) -> [(term: Int, relation: Int, weight: Float)] {
    var messages: [(term: Int, relation: Int, weight: Float)] = []
    append(graph.edges(from: term), direction: 0, end: \.object, to: &messages)
    append(
      graph.edges(to: term), direction: graph.relations.count, end: \.subject, to: &messages)
    return messages
  }

  /// Edges come by relation; each run of one relation is thinned out.
  private func append(
    _ edges: ArraySlice<KnowledgeGraph.Edge>, direction: Int,
    end: KeyPath<KnowledgeGraph.Edge, Int32>,
    to messages: inout [(term: Int, relation: Int, weight: Float)]
  ) {
    var start = edges.startIndex
    while start < edges.endIndex {
      let relation = edges[start].relation
      var stop = start + 1
      while stop < edges.endIndex, edges[stop].relation == relation { stop += 1 }
      let count = min(limit, stop - start)
      for place in 0..<count {
        let edge = edges[start + place * (stop - start) / count]
        messages.append(
          (Int(edge[keyPath: end]), direction + Int(relation), 1 / Float(count)))
      }
      start = stop
    }
  }

  /// The work of embedding the given terms, a layer after another.
  package func plan(terms: [Int], layers: Int) -> NeighbourhoodPlan {
    precondition(layers >= 0, "\(layers) layers")
    var blocks: [RelationEdges] = []
    var known: [Int] = []
    var rows: [Int: Int] = [:]
    for term in terms where rows[term] == nil {
      rows[term] = known.count
      known.append(term)
    }
    let wanted = known.count
    for _ in 0..<layers {
      let targets = known.count
      var edges: [[(source: Int, relation: Int, weight: Float)]] = []
      edges.reserveCapacity(targets)
      for target in 0..<targets {
        edges.append(
          messages(to: known[target]).map { message in
            if let row = rows[message.term] { return (row, message.relation, message.weight) }
            rows[message.term] = known.count
            known.append(message.term)
            return (known.count - 1, message.relation, message.weight)
          })
      }
      blocks.append(
        RelationEdges(sources: known.count, relations: relationCount, edgesOfTargets: edges))
    }
    return NeighbourhoodPlan(
      terms: known, blocks: blocks.reversed(), rowOfTerm: rows, wanted: wanted)
  }
}

/// What has to be computed to embed some terms.
package struct NeighbourhoodPlan: Sendable {
  /// The numbers of all terms whose views are read: the wanted ones, then their neighbours, then
  /// the neighbours' neighbours.
  package let terms: [Int]
  /// The messages of every layer, the first layer's first; the targets of a block are the first of
  /// its sources.
  package let blocks: [RelationEdges]
  let rowOfTerm: [Int: Int]
  /// How many terms are embedded.
  package let wanted: Int
}
