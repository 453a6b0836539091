import ArgumentParser
import Knowledge

struct KnowledgeShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a graph knows of a term.",
    discussion: """
      The term is given by its id or by a name or synonym in any spelling that linking accepts.

      Examples:
        ligature kg show graphs/chebi CHEBI:2904
        ligature kg show graphs/chebi "β-adrenergic antagonists"

      Exit codes: 0 shown, 1 the graph cannot be read or has no such term, 64 the command line is
      wrong.
      """)

  @Argument(help: "The graph's folder.")
  var folder: String

  @Argument(help: "An id or a name.")
  var term: String

  @Option(name: .long, help: "The most lines for each relation.")
  var limit = 20

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit: at least 1 expected") }
  }

  func run() throws {
    let graph = try KnowledgeGraph.read(fromFolder: folder).graph
    guard let number = graph.number(ofID: term) ?? named(term, in: graph) else {
      throw UnknownTerm(term: term, folder: folder)
    }
    let found = graph.terms[number]
    var rows = [("id", found.id), ("name", found.name)]
    if !found.definition.isEmpty { rows.append(("definition", found.definition)) }
    rows += found.synonyms.prefix(limit).map { ("synonym", $0) }
    if let structure = found.structure { rows.append(("structure", structure)) }
    rows += related(graph, graph.edges(from: number), end: \.object) { relation in
      relation == RelationName.isA ? "parent (is_a)" : relation
    }
    rows += related(graph, graph.edges(to: number), end: \.subject) { relation in
      relation == RelationName.isA ? "child (is_a)" : "of \(relation)"
    }
    KnowledgeSummary.print(rows)
  }

  private func named(_ name: String, in graph: KnowledgeGraph) -> Int? {
    if let exact = graph.terms.firstIndex(where: { $0.name == name }) { return exact }
    let mentions = MentionLinker(graph).mentions(in: name)
    guard let first = mentions.first, first.range == 0..<name.utf8.count else { return nil }
    return first.term
  }

  /// At most `limit` lines a relation, and how many there are beyond.
  private func related(
    _ graph: KnowledgeGraph, _ edges: ArraySlice<KnowledgeGraph.Edge>,
    end: KeyPath<KnowledgeGraph.Edge, Int32>, label: (String) -> String
  ) -> [(String, String)] {
    var rows: [(String, String)] = []
    for (number, relation) in graph.relations.enumerated() {
      let own = edges.filter { Int($0.relation) == number }
      rows += own.prefix(limit).map { edge in
        let other = graph.terms[Int(edge[keyPath: end])]
        return (label(relation), "\(other.name) (\(other.id))")
      }
      if own.count > limit { rows.append((label(relation), "and \(own.count - limit) more")) }
    }
    return rows
  }
}

/// A graph has no such term.
private struct UnknownTerm: Error, CustomStringConvertible {
  let term: String
  let folder: String

  var description: String { "\(folder): no term has the id or name '\(term)'" }
}
