package import Molecule
package import Tensor

/// What the views of a molecule are made of.
package struct MoleculeFeatures: Sendable, Equatable {
  /// Substructures: what is where (``MolecularFingerprint``).
  package let substructures: FeatureCounts
  /// Exact numbers and named groups (``StructureWords``).
  package let words: FeatureCounts
  /// Atoms and bonds, for a graph view; nil when nothing reads it.
  package let graph: GraphFeatures?

  static let structureWords = StructureWords(catalog: .standard)

  /// Counts the features of a molecule; close to linear in its size.
  package init(of graph: MolecularGraph, keepingGraph: Bool = false) {
    substructures = MolecularFingerprint.counts(of: graph)
    words = Self.structureWords.counts(of: graph)
    self.graph = keepingGraph ? GraphFeatures(of: graph) : nil
  }

  /// Features that are counted already.
  init(substructures: FeatureCounts, words: FeatureCounts, graph: GraphFeatures?) {
    self.substructures = substructures
    self.words = words
    self.graph = graph
  }
}
