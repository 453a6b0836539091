import Knowledge
import Tensor
import TextEncoder

/// A knowledge graph made ready for texts: names to link, neighbours to hear, a first view of each
/// term.
struct LinkedKnowledge: Sendable {
  let graph: KnowledgeGraph
  let neighbourhoods: GraphNeighbourhoods
  /// The leading coordinates of the text view of each term; [terms, term width].
  let termViews: Matrix
  private let linker: MentionLinker
  private let slots: Int

  /// Prepares a graph; the lexical view must be at least as wide as terms are to be.
  init(
    _ graph: KnowledgeGraph, lexical: LatentProjection, configuration: KnowledgeConfiguration
  ) {
    self.graph = graph
    neighbourhoods = GraphNeighbourhoods(graph, limit: configuration.neighbors)
    linker = MentionLinker(graph)
    slots = configuration.slots
    let width = min(configuration.termWidth, lexical.width)
    var values: [Float] = []
    values.reserveCapacity(graph.terms.count * width)
    for start in stride(from: 0, to: graph.terms.count, by: 1024) {
      let block = graph.terms[start..<min(start + 1024, graph.terms.count)]
      let counts = Parallel.map(block.count, by: 16) {
        LexicalFeatures.counts(of: block[start + $0].text)
      }
      let views = lexical.views(of: counts)
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
