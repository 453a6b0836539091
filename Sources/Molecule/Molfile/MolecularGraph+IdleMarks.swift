extension MolecularGraph {
  /// Takes off the marks that coordinates put where nothing can be told apart: at centres and
  /// double bonds two of whose neighbours look the same.
  mutating func dropIdleMarks() {
    guard !stereoBonds.isEmpty || atoms.contains(where: { $0.chirality.shape == .tetrahedral })
    else { return }
    var isKept = [Bool](repeating: false, count: atoms.count)
    var keptBonds: Set<[Int32]> = []
    for element in StereoColoring(graph: self).elements {
      if element.isDoubleBond {
        keptBonds.insert([element.first, element.second])
      } else {
        isKept[Int(element.first)] = true
      }
    }
    for index in atoms.indices
    where atoms[index].chirality.shape == .tetrahedral && !isKept[index] {
      atoms[index].chirality = .none
    }
    stereoBonds.removeAll { stereo in
      let bond = bonds[Int(stereo.bond)]
      return !keptBonds.contains([bond.begin, bond.end])
    }
  }
}
