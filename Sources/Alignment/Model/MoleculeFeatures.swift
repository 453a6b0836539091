package import Molecule
package import Tensor

/// What is counted of a molecule, one list for each of its sparse views.
package struct MoleculeFeatures: Sendable, Equatable {
  /// Substructures: what is where (``MolecularFingerprint``).
  package let substructures: FeatureCounts
  /// Exact numbers and named groups (``StructureWords``).
  package let words: FeatureCounts

  private static let structureWords = StructureWords(catalog: .standard)

  /// Counts the features of a molecule; close to linear in its size.
  package init(of graph: MolecularGraph) {
    substructures = MolecularFingerprint.counts(of: graph)
    words = Self.structureWords.counts(of: graph)
  }
}

/// The sparse views of molecules, each fitted by itself and set side by side.
///
/// Fitted in one, a few thousand words would drown in a hundred thousand substructures.
struct MoleculeViews: Sendable {
  let fingerprint: LatentProjection
  let structure: LatentProjection

  /// Width of both together.
  var width: Int { fingerprint.width + structure.width }

  /// The views of many molecules; [items.count, width], computed in parallel.
  func views(of items: [MoleculeFeatures]) -> Matrix {
    fingerprint.views(of: items.map(\.substructures))
      .appendingColumns(of: structure.views(of: items.map(\.words)))
  }
}
