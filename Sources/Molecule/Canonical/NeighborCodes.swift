/// The bonds of each atom as neighbour and type, in compressed rows.
struct NeighborCodes: ~Copyable {
  /// First slot of each atom; [A + 1].
  let start: FixedArray<Int32>
  /// Neighbours; [2 B].
  let atoms: FixedArray<Int32>
  /// A weight for each type of bond, whose sums tell sets of bonds apart; [2 B].
  let weights: FixedArray<UInt64>

  init(_ graph: MolecularGraph) {
    start = FixedArray(repeating: 0, count: graph.atoms.count + 1)
    atoms = FixedArray(repeating: 0, count: graph.neighborAtoms.count)
    weights = FixedArray(repeating: 0, count: graph.neighborAtoms.count)
    for atom in graph.atoms.indices {
      start[atom + 1] = graph.neighborStart[atom + 1]
      for slot in graph.neighborRange(atom) {
        let bond = graph.bonds[Int(graph.neighborBonds[slot])]
        atoms[slot] = graph.neighborAtoms[slot]
        weights[slot] = 1 << (8 * (bond.typeCode(at: Int32(truncatingIfNeeded: atom)) & 7))
      }
    }
  }

  @inline(__always)
  borrowing func range(_ atom: Int) -> Range<Int> { Int(start[atom])..<Int(start[atom + 1]) }
}
