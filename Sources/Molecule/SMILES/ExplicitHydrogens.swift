extension MolecularGraph {
  /// Turns plain `[H]` neighbours into hydrogen counts of their heavy atom; O(A + B).
  ///
  /// A hydrogen stays an atom when it is an isotope, charged, bonded to none or to several atoms,
  /// to hydrogen or a wildcard, next to a centre with five or six places, or the only mark of a
  /// cis/trans arrangement (as in `[H]/N=C/C`).
  mutating func mergeExplicitHydrogens() {
    guard atoms.contains(where: { $0.element == .hydrogen }) else { return }
    var isMerged = [Bool](repeating: false, count: atoms.count)
    var mergedCount = 0
    for index in atoms.indices where isMergeable(index) {
      isMerged[index] = true
      mergedCount += 1
      absorb(hydrogen: index)
    }
    if mergedCount > 0 { remove(isMerged) }
  }

  private func isMergeable(_ index: Int) -> Bool {
    let atom = atoms[index]
    guard atom.element == .hydrogen, atom.isotope == 0, atom.charge == 0,
      atom.explicitHydrogens == 0, degree(index) == 1
    else { return false }
    let slot = Int(neighborStart[index])
    let bond = bonds[Int(neighborBonds[slot])]
    let heavy = Int(neighborAtoms[slot])
    guard bond.order == .single, !bond.isAromatic else { return false }
    if bond.direction != .none, degree(heavy) < 3 { return false }
    switch atoms[heavy].chirality.shape {
    case .none, .tetrahedral: break
    default: return false
    }
    let element = atoms[heavy].element
    return element != .hydrogen && element != .wildcard && atoms[heavy].hydrogens < 99
  }

  private mutating func absorb(hydrogen: Int) {
    let slot = Int(neighborStart[hydrogen])
    let heavy = Int(neighborAtoms[slot])
    let bond = bonds[Int(neighborBonds[slot])]
    let range = neighborRange(heavy)
    let place = range.firstIndex { neighborAtoms[$0] == Int32(hydrogen) } ?? range.lowerBound
    if atoms[heavy].chirality.shape == .tetrahedral {
      let isPredecessor = place == range.lowerBound && atoms[heavy].hasPredecessor
      let target = atoms[heavy].hasPredecessor && !isPredecessor ? 1 : 0
      if (place - range.lowerBound - target) % 2 != 0 {
        atoms[heavy].chirality.arrangement = 3 - atoms[heavy].chirality.arrangement
      }
      if atoms[heavy].explicitHydrogens > 0 { atoms[heavy].chirality = .none }
    }
    if place == range.lowerBound { atoms[heavy].hasPredecessor = false }
    atoms[heavy].explicitHydrogens += 1
    guard bond.direction != .none else { return }
    // The other substituent of a double bond's end lies on the other side.
    let isUp = (bond.begin == Int32(heavy)) == (bond.direction == .up)
    for other in range where other != place {
      let index = Int(neighborBonds[other])
      guard bonds[index].order == .single, bonds[index].direction == .none,
        !bonds[index].isAromatic
      else { continue }
      bonds[index].direction = (bonds[index].begin == Int32(heavy)) == isUp ? .down : .up
      return
    }
  }

  private mutating func remove(_ isRemoved: [Bool]) {
    var newIndex = [Int32](repeating: -1, count: atoms.count)
    var kept: [Atom] = []
    kept.reserveCapacity(atoms.count)
    for index in atoms.indices where !isRemoved[index] {
      newIndex[index] = Int32(kept.count)
      kept.append(atoms[index])
    }
    var newBond = [Int32](repeating: -1, count: bonds.count)
    var keptBonds: [Bond] = []
    keptBonds.reserveCapacity(bonds.count)
    for (index, bond) in bonds.enumerated() {
      let (begin, end) = (newIndex[Int(bond.begin)], newIndex[Int(bond.end)])
      guard begin >= 0, end >= 0 else { continue }
      newBond[index] = Int32(keptBonds.count)
      var moved = bond
      (moved.begin, moved.end) = (begin, end)
      keptBonds.append(moved)
    }
    var halfBonds = GrowingArray<HalfBond>(capacity: 2 * keptBonds.count)
    for index in atoms.indices where !isRemoved[index] {
      for slot in neighborRange(index) where newBond[Int(neighborBonds[slot])] >= 0 {
        halfBonds.append(
          HalfBond(
            atom: newIndex[index], bond: newBond[Int(neighborBonds[slot])],
            neighbor: newIndex[Int(neighborAtoms[slot])]))
      }
    }
    self = MolecularGraph(atoms: kept, bonds: keptBonds, halfBonds: halfBonds)
  }
}
