import Tensor

/// One molecule as the graph view reads it: a code for each atom and each directed bond.
///
/// A atoms, B bonds. Made once for a molecule and joined into batches as often as needed.
package struct GraphFeatures: Sendable, Equatable {
  /// The code of each atom, see ``AtomFeatures``; [A].
  let atoms: [UInt64]
  /// First slot of each atom; [A + 1].
  let start: [Int32]
  /// The neighbour of each slot; [2 B].
  let sources: [Int32]
  /// The code of the bond in each slot, see ``BondFeatures``; [2 B].
  let bonds: [UInt64]
  /// The slot of the same bond at its other atom; [2 B].
  let reverse: [Int32]

  /// The number of atoms.
  package var atomCount: Int { atoms.count }

  /// Reads a molecule; O(A + B) and the size of its rings, more when it has stereo marks.
  package init(of graph: MolecularGraph) {
    let bondRings = Self.smallestRings(of: graph)
    let stereo = StereoLabels(of: graph)
    let hybrids = graph.atoms.indices.map { graph.hybridization($0) }
    let conjugated = Self.conjugatedBonds(of: graph, hybrids)
    var slotOfBond = [Int32](repeating: -1, count: graph.bonds.count)
    var reverse = [Int32](repeating: 0, count: graph.neighborAtoms.count)
    var bonds: [UInt64] = []
    bonds.reserveCapacity(graph.neighborAtoms.count)
    var atoms: [UInt64] = []
    atoms.reserveCapacity(graph.atoms.count)
    for index in graph.atoms.indices {
      var smallest = 0
      var ringBonds = 0
      for slot in graph.neighborRange(index) {
        let bond = Int(graph.neighborBonds[slot])
        let ring = bondRings[bond]
        if graph.bonds[bond].isInRing { ringBonds += 1 }
        if ring > 0 && (smallest == 0 || ring < smallest) { smallest = ring }
        bonds.append(
          BondFeatures.code(
            of: graph.bonds[bond], towards: Int32(index), isConjugated: conjugated[bond],
            smallestRing: ring, geometry: Int(stereo.bonds[bond])))
        if slotOfBond[bond] < 0 {
          slotOfBond[bond] = Int32(slot)
        } else {
          reverse[slot] = slotOfBond[bond]
          reverse[Int(slotOfBond[bond])] = Int32(slot)
        }
      }
      atoms.append(
        AtomFeatures.code(
          of: index, in: graph, smallestRing: smallest, ringBonds: ringBonds,
          handedness: Int(stereo.atoms[index]), hybridization: hybrids[index]))
    }
    self.atoms = atoms
    self.bonds = bonds
    self.reverse = reverse
    start = graph.neighborStart
    sources = graph.neighborAtoms
  }

  /// The same molecule with an atom and its bonds of which nothing is known.
  package func hiding(_ atom: Int) -> GraphFeatures {
    var (atoms, bonds) = (atoms, bonds)
    atoms[atom] = AtomFeatures.layout.unknown
    for slot in Int(start[atom])..<Int(start[atom + 1]) {
      bonds[slot] = BondFeatures.layout.unknown
      bonds[Int(reverse[slot])] = BondFeatures.layout.unknown
    }
    return GraphFeatures(
      atoms: atoms, start: start, sources: sources, bonds: bonds, reverse: reverse)
  }

  private init(
    atoms: [UInt64], start: [Int32], sources: [Int32], bonds: [UInt64], reverse: [Int32]
  ) {
    self.atoms = atoms
    self.start = start
    self.sources = sources
    self.bonds = bonds
    self.reverse = reverse
  }

  /// Atoms in the smallest ring through each bond; 0 for none, a large number when none is listed.
  private static func smallestRings(of graph: MolecularGraph) -> [Int] {
    var sizes = graph.bonds.map { $0.isInRing ? Int.max : 0 }
    for ring in 0..<graph.rings.count {
      for bond in graph.rings.bonds(ring) {
        sizes[Int(bond)] = min(sizes[Int(bond)], graph.rings.size(ring))
      }
    }
    return sizes
  }

  private static func conjugatedBonds(
    of graph: MolecularGraph, _ hybrids: [Hybridization]
  ) -> [Bool] {
    func isFlat(_ atom: Int32) -> Bool {
      hybrids[Int(atom)] == .sp2 || hybrids[Int(atom)] == .sp
    }
    var conjugated = graph.bonds.map { bond in
      bond.isAromatic || bond.order == .single && isFlat(bond.begin) && isFlat(bond.end)
    }
    let single = conjugated
    for (index, bond) in graph.bonds.enumerated()
    where !bond.isAromatic && (bond.order == .double || bond.order == .triple) {
      conjugated[index] = [bond.begin, bond.end].contains { atom in
        graph.neighborRange(Int(atom)).contains { single[Int(graph.neighborBonds[$0])] }
      }
    }
    return conjugated
  }
}
