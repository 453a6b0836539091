import Tensor

extension StructureWords {
  /// Exact numbers of stated and open tetrahedral centres, and of double bonds by arrangement.
  static func addStereoLabels(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    let stated = graph.atoms.count { $0.chirality.shape == .tetrahedral }
    let centres = graph.stereocenters().count
    sink.append(key(.stereoLabelCount, 0, stated)) {
      graph.atoms.indices.filter { graph.atoms[$0].chirality.shape == .tetrahedral }
        .map { Int32($0) }
    }
    sink.append(key(.stereoLabelCount, 1, max(0, centres - stated))) { [] }
    sink.append(key(.stereoLabelCount, 2, graph.stereoBonds.count)) {
      Set(
        graph.stereoBonds.flatMap { stereo in
          [graph.bonds[Int(stereo.bond)].begin, graph.bonds[Int(stereo.bond)].end]
        }
      ).sorted()
    }
  }
}
