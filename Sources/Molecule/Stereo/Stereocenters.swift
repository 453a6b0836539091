extension MolecularGraph {
  /// The tetrahedral stereocentres, marked or open, in ascending order; O(B log A).
  ///
  /// A centre may hold a shape (``mayBeStereocenter(_:)``) and no two of its neighbours are alike, as
  /// in RDKit's legacy perception, its default. Neighbours differ when refinement tells them apart, stereo marks included; centres that mean something
  /// only together, as in cis-1,4-dimethylcyclohexane, do not count.
  public func stereocenters() -> [Int] {
    var slab = Slab(bytes: CanonicalRanking.bytes(self))
    let ranking = CanonicalRanking(self, options: .isomeric, &slab)
    var cells: [Int32] = []
    let centres = atoms.indices.filter { index in
      guard mayBeStereocenter(index) else { return false }
      cells.removeAll(keepingCapacity: true)
      for slot in neighborRange(index) {
        let cell = ranking.partition.cell[Int(neighborAtoms[slot])]
        if cells.contains(cell) { return false }
        cells.append(cell)
      }
      return true
    }
    slab.release()
    return centres
  }
}
