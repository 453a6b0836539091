/// The bonds of each atom as neighbour and type, in compressed rows.
struct NeighborCodes {
  /// First slot of each atom; [A + 1].
  let start: [Int32]
  /// Neighbours; [2 B].
  let atoms: [Int32]
  /// A weight for each type of bond, whose sums tell sets of bonds apart; [2 B].
  let weights: [UInt64]

  init(_ graph: MolecularGraph) {
    start = graph.neighborStart
    atoms = graph.neighborAtoms
    var weights = [UInt64](repeating: 0, count: atoms.count)
    for atom in graph.atoms.indices {
      for slot in graph.neighborRange(atom) {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        weights[slot] = 1 << (8 * (bond.typeCode(at: Int32(truncatingIfNeeded: atom)) & 7))
      }
    }
    self.weights = weights
  }

  @inline(__always)
  func range(_ atom: Int) -> Range<Int> { Int(start[atom])..<Int(start[atom + 1]) }
}
