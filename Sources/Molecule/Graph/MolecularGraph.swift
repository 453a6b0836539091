/// A molecule as atoms and bonds with compressed adjacency; a value, safe to share between threads.
///
/// A atoms, B bonds. Built by ``SMILESReader``, which also perceives rings, aromaticity and
/// hydrogens. Neighbours of an atom are listed in the order of the SMILES (ring closures at the
/// place of their digit), which is the order stereo marks refer to.
public struct MolecularGraph: Sendable, Equatable {
  /// The atoms, in the order of the SMILES; [A].
  public internal(set) var atoms: [Atom]
  /// The bonds; [B].
  public internal(set) var bonds: [Bond]
  /// First entry of each atom in the adjacency lists; [A + 1].
  public internal(set) var neighborStart: [Int32]
  /// Neighbour atoms, all atoms concatenated; [2 B].
  public internal(set) var neighborAtoms: [Int32]
  /// The bond to each neighbour; [2 B], parallel to ``neighborAtoms``.
  public internal(set) var neighborBonds: [Int32]
  /// The smallest rings.
  public internal(set) var rings = RingSet()
  /// Double bonds with a stated cis/trans arrangement.
  public internal(set) var stereoBonds: [StereoBond] = []

  /// One end of a bond.
  struct HalfBond {
    let atom: Int32
    let bond: Int32
    let neighbor: Int32
  }

  /// Builds adjacency from half bonds listed in neighbour order.
  init(atoms: [Atom], bonds: [Bond], halfBonds: borrowing GrowingArray<HalfBond>) {
    precondition(halfBonds.count == 2 * bonds.count, "\(halfBonds.count) half bonds")
    self.atoms = atoms
    self.bonds = bonds
    // Entry a + 2 counts the half bonds of atom a. Summed up, entry a + 1 says where its next one
    // goes, and once all are placed entry a says where those of atom a start.
    let next = FixedArray<Int32>(repeating: 0, count: atoms.count + 2)
    for index in 0..<halfBonds.count { next[Int(halfBonds[index].atom) + 2] += 1 }
    for atom in 0..<atoms.count { next[atom + 2] += next[atom + 1] }
    let neighbors = FixedArray<Int32>(repeating: 0, count: halfBonds.count)
    let incident = FixedArray<Int32>(repeating: 0, count: halfBonds.count)
    for index in 0..<halfBonds.count {
      let half = halfBonds[index]
      let slot = Int(next[Int(half.atom) + 1])
      next[Int(half.atom) + 1] += 1
      incident[slot] = half.bond
      neighbors[slot] = half.neighbor
    }
    neighborStart = next.array(first: atoms.count + 1)
    neighborAtoms = neighbors.array()
    neighborBonds = incident.array()
  }

  /// Positions of an atom's entries in ``neighborAtoms`` and ``neighborBonds``.
  public func neighborRange(_ atom: Int) -> Range<Int> {
    Int(neighborStart[atom])..<Int(neighborStart[atom + 1])
  }

  /// Number of bonds at an atom, hydrogens outside the graph not counted.
  public func degree(_ atom: Int) -> Int {
    Int(neighborStart[atom + 1] - neighborStart[atom])
  }

  /// Atoms other than hydrogen.
  public var heavyAtomCount: Int {
    atoms.count { $0.element != .hydrogen }
  }

  /// Sum of the formal charges.
  public var totalCharge: Int { atoms.reduce(0) { $0 + Int($1.charge) } }

  /// Number of connected parts; O(A + B).
  public var fragmentCount: Int {
    var seen = [Bool](repeating: false, count: atoms.count)
    var pending: [Int32] = []
    var count = 0
    for root in atoms.indices where !seen[root] {
      count += 1
      seen[root] = true
      pending.append(Int32(root))
      while let atom = pending.popLast() {
        for slot in neighborRange(Int(atom)) where !seen[Int(neighborAtoms[slot])] {
          seen[Int(neighborAtoms[slot])] = true
          pending.append(neighborAtoms[slot])
        }
      }
    }
    return count
  }

  /// Number of independent cycles, rings through dative bonds left out: the size of the SSSR.
  public var ringCount: Int {
    let dative = bonds.count { $0.order == .dative }
    return dative == 0 ? bonds.count - atoms.count + fragmentCount : rings.basisCount
  }
}

/// A double bond whose two ends each have one marked neighbour.
public struct StereoBond: Sendable, Equatable {
  /// Index of the double bond.
  public let bond: Int32
  /// Marked neighbour of the bond's `begin`.
  public let beginNeighbor: Int32
  /// Marked neighbour of the bond's `end`.
  public let endNeighbor: Int32
  /// Whether the two marked neighbours lie on the same side.
  public let isCis: Bool
}
