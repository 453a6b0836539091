package import Molecule
import Tensor

/// An item of a score, with its features and the parts that these are made of.
package enum ExplainedItem: Sendable {
  case molecule(ExplainedMolecule)
  case text(ExplainedText)
  /// A unit vector of the model's dimension, which has no parts.
  case vector([Float])

  /// What the item is; nil for a vector, which may be of either.
  package var modality: Modality? {
    switch self {
    case .molecule: .molecule
    case .text: .text
    case .vector: nil
    }
  }

  /// How many atoms or words.
  package var partCount: Int {
    switch self {
    case .molecule(let molecule): molecule.graph.atoms.count
    case .text(let text): text.words.count
    case .vector: 0
    }
  }

  /// The features of each family with their parts, and what collects the shares of parts.
  var families: [FeatureOccurrences] {
    switch self {
    case .molecule(let molecule): [molecule.substructures, molecule.words]
    case .text(let text): [text.features]
    case .vector: []
    }
  }

  /// Shares of feature numbers, one dictionary for each family; [partCount].
  func shares(of numbers: [[UInt64: Double]]) -> [Double] {
    switch self {
    case .molecule(let molecule):
      let count = molecule.graph.atoms.count
      return zip(
        molecule.substructures.shares(of: numbers[0], partCount: count),
        molecule.words.shares(of: numbers[1], partCount: count)
      ).map { $0 + $1 }
    case .text(let text): return text.shares(of: numbers[0])
    case .vector: return []
    }
  }
}

/// A molecule whose atoms are the parts of its features.
package struct ExplainedMolecule: Sendable {
  package let graph: MolecularGraph
  let substructures: FeatureOccurrences
  let words: FeatureOccurrences

  /// Finds the features; close to linear in the size.
  package init(_ graph: MolecularGraph) {
    self.graph = graph
    substructures = MolecularFingerprint.occurrences(in: graph)
    words = MoleculeFeatures.structureWords.occurrences(in: graph)
  }

  /// The whole molecule, then for each atom the molecule without the features it belongs to.
  func variants(keepingGraph: Bool) -> [MoleculeFeatures] {
    let view = keepingGraph ? GraphFeatures(of: graph) : nil
    let whole = MoleculeFeatures(
      substructures: substructures.counts, words: words.counts, graph: view)
    return [whole]
      + Parallel.map(graph.atoms.count, by: 4) { atom in
        let part = Int32(atom)..<Int32(atom + 1)
        return MoleculeFeatures(
          substructures: substructures.counts(without: part), words: words.counts(without: part),
          graph: view?.hiding(atom))
      }
  }
}
