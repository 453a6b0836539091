public import Tensor

/// Sparse substructure counts of a molecule.
///
/// All keys are independent of atom order and spelling. Per molecule: circular environments up to
/// radius 3, chains of one to five bonds, atom pairs, composition, rings, and stereo features.
/// Stereoisomers and isotopologues share all features that do not depend on their difference and
/// have at least one key apart.
public enum MolecularFingerprint {
  /// Counts the features of a molecule; close to linear in its size.
  public static func counts(of graph: MolecularGraph) -> FeatureCounts {
    var occurrences: [UInt64] = []
    occurrences.reserveCapacity(64 * graph.atoms.count + 64)
    let coloring = StereoColoring(graph: graph)
    addEnvironments(of: graph, stereo: coloring.elements, to: &occurrences)
    addPaths(of: graph, to: &occurrences)
    addAtomPairs(of: graph, to: &occurrences)
    addComposition(of: graph, to: &occurrences)
    addRings(of: graph, to: &occurrences)
    addStereo(coloring, to: &occurrences)
    return FeatureCounts(occurrences: occurrences)
  }

  static func key(_ kind: FeatureKind, _ value: Int) -> UInt64 {
    var hash = FeatureHash(kind: kind.rawValue)
    hash.combine(value)
    return hash.key
  }
}
