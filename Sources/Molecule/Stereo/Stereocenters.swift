extension MolecularGraph {
  /// The tetrahedral stereocentres, marked or open, in ascending order; O(B log A).
  ///
  /// A centre has four different neighbours, a hydrogen among them at most once; three neighbours
  /// will do for phosphorus, arsenic, sulfoxides, sulfonium and selenium alike, and for nitrogen in
  /// a three-membered ring or at a bridgehead (RDKit's legacy perception, its default). Neighbours
  /// differ when refinement tells them apart, stereo marks included; centres that mean something
  /// only together, as in cis-1,4-dimethylcyclohexane, do not count.
  public func stereocenters() -> [Int] {
    let ranking = CanonicalRanking(self, options: .isomeric)
    var cells: [Int32] = []
    return atoms.indices.filter { index in
      let atom = atoms[index]
      let places = degree(index) + atom.hydrogens
      guard degree(index) >= 3, places <= 4, places == 4 || keepsShape(index) else { return false }
      guard atom.element != .wildcard, atom.element != .hydrogen, !atom.isAromatic else {
        return false
      }
      cells.removeAll(keepingCapacity: true)
      for slot in neighborRange(index) {
        let cell = ranking.partition.cell[Int(neighborAtoms[slot])]
        if cells.contains(cell) { return false }
        cells.append(cell)
      }
      return true
    }
  }
}
