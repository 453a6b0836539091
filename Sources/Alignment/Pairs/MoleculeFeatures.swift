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

  private static let structureWords = StructureWords(catalog: .standard)

  /// Counts the features of a molecule; close to linear in its size.
  package init(of graph: MolecularGraph, keepingGraph: Bool = false) {
    substructures = MolecularFingerprint.counts(of: graph)
    words = Self.structureWords.counts(of: graph)
    self.graph = keepingGraph ? GraphFeatures(of: graph) : nil
  }
}
