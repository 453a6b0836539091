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
    var sink = FeatureKeys(capacity: 64 * graph.atoms.count + 64)
    find(in: graph, for: &sink)
    return FeatureCounts(sorting: &sink.keys)
  }

  /// The same features with the atoms that each occurrence is made of.
  public static func occurrences(in graph: MolecularGraph) -> FeatureOccurrences {
    var sink = FeatureOccurrences()
    find(in: graph, for: &sink)
    return sink
  }

  private static func find(in graph: MolecularGraph, for sink: inout some FeatureSink) {
    let coloring = StereoColoring(graph: graph)
    addEnvironments(of: graph, stereo: coloring.elements, to: &sink)
    addPaths(of: graph, to: &sink)
    addAtomPairs(of: graph, to: &sink)
    addComposition(of: graph, to: &sink)
    addRings(of: graph, to: &sink)
    addStereo(coloring, to: &sink)
  }

  static func key(_ kind: FeatureKind, _ value: Int) -> UInt64 {
    var hash = FeatureHash(kind: kind.rawValue)
    hash.combine(value)
    return hash.key
  }
}
