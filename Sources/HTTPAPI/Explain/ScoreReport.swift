package import AlignAPI
package import Alignment
package import Depiction
package import Molecule

/// An explained score, ready to be told: words with their places, atoms, and a picture.
package struct ScoreReport: Sendable {
  package let query: ExplainedItem
  package let target: ExplainedItem
  package let explanation: Explanation

  /// Explains the score of an item for a query; throws ``ExplanationError``.
  package init(
    _ target: SearchQuery, for query: SearchQuery, by method: Explanation.Method?,
    model: AlignmentModel
  ) throws(ExplanationError) {
    self.query = ExplainedItem(query)
    self.target = ExplainedItem(target)
    explanation = try model.explain(self.target, for: self.query, by: method)
  }

  /// The two sides, by the names that answers use.
  package var sides: [(name: String, item: ExplainedItem, weights: [Float])] {
    [("query", query, explanation.query), ("target", target, explanation.target)]
  }

  /// The molecule of the target, or of the query, with the weight of each of its atoms.
  package var molecule: (graph: MolecularGraph, weights: [Float])? {
    for side in sides.reversed() {
      if case .molecule(let molecule) = side.item { return (molecule.graph, side.weights) }
    }
    return nil
  }

  /// Writes `method`, `score`, `baseline`, `atoms` and `words` as members.
  package func writeMembers(to json: inout JSONWriter) {
    json.name("method")
    json.string(explanation.method.rawValue)
    json.name("score")
    json.number(explanation.score)
    json.name("baseline")
    if let baseline = explanation.baseline { json.number(baseline) } else { json.null() }
    json.name("atoms")
    json.array { json in
      for (name, item, weights) in sides {
        guard case .molecule = item else { continue }
        for (index, weight) in weights.enumerated() {
          json.object { json in
            json.name("side")
            json.string(name)
            json.name("index")
            json.integer(index)
            json.name("weight")
            json.number(weight)
          }
        }
      }
    }
    json.name("words")
    json.array { json in
      for (name, item, weights) in sides {
        guard case .text(let text) = item else { continue }
        for (word, weight) in zip(text.words, weights) {
          json.object { json in
            json.name("side")
            json.string(name)
            json.name("start")
            json.integer(word.bytes.lowerBound)
            json.name("end")
            json.integer(word.bytes.upperBound)
            json.name("text")
            json.string(text[word])
            json.name("weight")
            json.number(weight)
          }
        }
      }
    }
  }
}

extension ScoreReport {
  /// The molecule with its atoms in the colours of their weights; nil without a molecule.
  ///
  /// Throws ``LayoutError`` for one that cannot be drawn.
  package func depiction(
    drawnAt positions: [AtomPosition]? = nil
  ) throws(LayoutError) -> Depiction? {
    guard let (graph, weights) = molecule else { return nil }
    var depiction = try Depiction(of: graph, drawnAt: positions)
    depiction.atomWeights = weights.map { Double($0) }
    return depiction
  }
}

extension ExplainedItem {
  fileprivate init(_ query: SearchQuery) {
    self =
      switch query {
      case .text(let text): .text(ExplainedText(text))
      case .molecule(let graph): .molecule(ExplainedMolecule(graph))
      case .vector(let vector): .vector(vector)
      }
  }
}
