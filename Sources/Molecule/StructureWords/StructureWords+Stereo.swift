extension StructureWords {
  /// Exact numbers of stated and open tetrahedral centres, and of double bonds by arrangement.
  static func addStereoLabels(of graph: MolecularGraph, to occurrences: inout [UInt64]) {
    let stated = graph.atoms.count { $0.chirality.shape == .tetrahedral }
    let centres = graph.stereocenters().count
    occurrences.append(key(.stereoLabelCount, 0, stated))
    occurrences.append(key(.stereoLabelCount, 1, max(0, centres - stated)))
    occurrences.append(key(.stereoLabelCount, 2, graph.stereoBonds.count))
  }
}
