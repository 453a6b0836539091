package import Knowledge
package import MoEBackbone
package import Molecule
package import Tensor
package import TextEncoder

/// What the network reads of N molecules.
package struct MoleculeInputs: Sendable {
  /// The fitted views, side by side; [N, molecule width].
  package let views: Matrix
  /// The graphs, N; none without a graph view.
  package let graphs: [GraphFeatures]

  /// Pairs views with graphs.
  package init(views: Matrix, graphs: [GraphFeatures] = []) {
    precondition(
      graphs.isEmpty || graphs.count == views.rows, "\(graphs.count) graphs, \(views.rows) views")
    self.views = views
    self.graphs = graphs
  }

  /// N.
  package var count: Int { views.rows }

  /// The same molecules with other fitted views.
  func replacingViews(_ views: Matrix) -> MoleculeInputs {
    MoleculeInputs(views: views, graphs: graphs)
  }

  /// The named molecules, in order.
  package func gathering(_ rows: [Int]) -> MoleculeInputs {
    MoleculeInputs(
      views: views.gatheringRows(rows), graphs: graphs.isEmpty ? [] : rows.map { graphs[$0] })
  }
}

/// What the network reads of N texts.
package struct TextInputs: Sendable {
  /// The lexical view; [N, text width].
  package let views: Matrix
  /// The texts as sub-words, N; none without a sequence view.
  package let sequences: [SubwordText]
  /// The domain of each text; N.
  package let domains: [Domain]
  /// The terms that each text mentions; nil without knowledge.
  package let linked: LinkedTerms?

  /// Puts together what belongs to the same texts.
  package init(
    views: Matrix, sequences: [SubwordText] = [], domains: [Domain], linked: LinkedTerms? = nil
  ) {
    precondition(domains.count == views.rows, "\(domains.count) domains, \(views.rows) views")
    precondition(
      sequences.isEmpty || sequences.count == views.rows,
      "\(sequences.count) sequences, \(views.rows) views")
    self.views = views
    self.sequences = sequences
    self.domains = domains
    self.linked = linked
  }

  /// N.
  package var count: Int { views.rows }

  /// The same texts with other fitted views.
  func replacingViews(_ views: Matrix) -> TextInputs {
    TextInputs(views: views, sequences: sequences, domains: domains, linked: linked)
  }

  /// The same texts, some under another domain; `domain` gets each one's place.
  package func replacingDomains(_ domain: (Int) -> Domain?) -> TextInputs {
    TextInputs(
      views: views, sequences: sequences,
      domains: domains.enumerated().map { domain($0.offset) ?? $0.element }, linked: linked)
  }

  /// The named texts, in order.
  package func gathering(_ rows: [Int]) -> TextInputs {
    TextInputs(
      views: views.gatheringRows(rows),
      sequences: sequences.isEmpty ? [] : rows.map { sequences[$0] },
      domains: rows.map { domains[$0] }, linked: linked?.gathering(rows))
  }
}
