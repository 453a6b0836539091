extension MolecularGraph {
  /// Turns `@` and `@@` into the class that the number of neighbours means, and drops marks on
  /// centres that cannot have their shape (OpenSMILES section 3.8).
  mutating func resolveShapes() {
    for index in atoms.indices where atoms[index].chirality.shape != .none {
      let places = degree(index) + atoms[index].hydrogens
      switch (atoms[index].chirality.shape, places) {
      case (.tetrahedral, 2) where isCumulated(index): atoms[index].chirality.shape = .allene
      case (.tetrahedral, 3): turnLonePair(index)
      case (.tetrahedral, 4): break
      case (.tetrahedral, 5): atoms[index].chirality.shape = .trigonalBipyramidal
      case (.tetrahedral, 6): atoms[index].chirality.shape = .octahedral
      case (.allene, 2) where isCumulated(index): break
      case (.squarePlanar, 2...4), (.trigonalBipyramidal, 2...5), (.octahedral, 2...6): break
      default: atoms[index].chirality = .none
      }
      if atoms[index].hydrogens > 1 { atoms[index].chirality = .none }
    }
  }

  /// Moves the lone pair of a saturated three-coordinate centre to the end of its neighbours.
  ///
  /// OpenSMILES does not say where a lone pair stands. RDKit, whose reading we follow, takes it as
  /// last, except that one ring digit at the centre exchanges two places.
  private mutating func turnLonePair(_ index: Int) {
    guard degree(index) == 3, atoms[index].ringDigits == 1,
      neighborRange(index).allSatisfy({ bonds[Int(neighborBonds[$0])].order == .single })
    else { return }
    atoms[index].chirality.arrangement = 3 - atoms[index].chirality.arrangement
  }

  /// Whether the atom has two double bonds and nothing else.
  private func isCumulated(_ index: Int) -> Bool {
    degree(index) == 2
      && neighborRange(index).allSatisfy { bonds[Int(neighborBonds[$0])].order == .double }
  }

  /// Double bonds outside rings of fewer than eight atoms with a mark at each end.
  func findStereoBonds() -> [StereoBond] {
    guard bonds.contains(where: { $0.direction != .none }) else { return [] }
    var smallest = [Int](repeating: .max, count: bonds.count)
    for ring in 0..<rings.count {
      for bond in rings.bonds(ring) {
        smallest[Int(bond)] = min(smallest[Int(bond)], rings.size(ring))
      }
    }
    var found: [StereoBond] = []
    for index in bonds.indices where bonds[index].order == .double {
      let bond = bonds[index]
      guard !bond.isAromatic, smallest[index] >= 8,
        degree(Int(bond.begin)) <= 3, degree(Int(bond.end)) <= 3,
        let begin = markedNeighbor(of: bond.begin, except: index),
        let end = markedNeighbor(of: bond.end, except: index)
      else { continue }
      found.append(
        StereoBond(
          bond: Int32(index), beginNeighbor: begin.atom, endNeighbor: end.atom,
          isCis: begin.isAbove == end.isAbove))
    }
    return found
  }

  /// The neighbour a mark places above or below `atom`; nil without marks or when two disagree.
  private func markedNeighbor(of atom: Int32, except: Int) -> (atom: Int32, isAbove: Bool)? {
    var found: (atom: Int32, isAbove: Bool)?
    for slot in neighborRange(Int(atom)) where Int(neighborBonds[slot]) != except {
      let bond = bonds[Int(neighborBonds[slot])]
      guard bond.direction != .none else { continue }
      let isAbove = (bond.begin == atom) == (bond.direction == .up)
      if let found, found.isAbove == isAbove { return nil }
      if found == nil { found = (neighborAtoms[slot], isAbove) }
    }
    return found
  }
}
