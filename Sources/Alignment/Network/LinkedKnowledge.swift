import Knowledge
import Tensor

/// A knowledge graph made ready for texts: names to link, neighbours to hear, a first view of each
/// term.
struct LinkedKnowledge: Sendable {
  let graph: KnowledgeGraph
  let neighbourhoods: GraphNeighbourhoods
  /// The leading coordinates of what is read of each term's name and definition; [terms, term width].
  let termViews: Matrix
  private let linker: MentionLinker
  private let slots: Int

  /// Prepares a graph; `views` gives what the network reads of texts, [count, width].
  init(
    _ graph: KnowledgeGraph, configuration: KnowledgeConfiguration,
    views: ([TextFeatures]) -> Matrix
  ) {
    self.graph = graph
    neighbourhoods = GraphNeighbourhoods(graph, limit: configuration.neighbors)
    linker = MentionLinker(graph)
    slots = configuration.slots
    var width = 0
    var values: [Float] = []
    for start in stride(from: 0, to: graph.terms.count, by: 1024) {
      let block = graph.terms[start..<min(start + 1024, graph.terms.count)]
      let views = views(
        Parallel.map(block.count, by: 16) { TextFeatures(of: block[start + $0].text) })
      width = min(configuration.termWidth, views.columns)
      for row in 0..<views.rows { values += views.row(row).prefix(width) }
    }
    termViews = Matrix(rows: graph.terms.count, columns: width, values: values)
  }

  /// The terms that texts mention.
  func linkedTerms(in texts: [String]) -> LinkedTerms {
    LinkedTerms(
      Parallel.map(texts.count, by: 16) { linker.mentions(in: texts[$0]) }, slots: slots)
  }
}
