extension MolecularGraph {
  /// Makes a single bond to a metal dative where the other atom has no valence left for it, as in
  /// pyridine or ammine complexes written with plain bonds; whether there was one; O(A + B).
  mutating func makeCoordinationBonds() -> Bool {
    var isChanged = false
    for index in atoms.indices where atoms[index].element.isMetal {
      for slot in neighborRange(index) {
        let (bond, donor) = (Int(neighborBonds[slot]), Int(neighborAtoms[slot]))
        guard bonds[bond].order == .single, isOverfull(donor) else { continue }
        if bonds[bond].begin == Int32(index) {
          bonds[bond].begin = Int32(donor)
          bonds[bond].end = Int32(index)
          bonds[bond].direction = bonds[bond].direction.reversed
        }
        bonds[bond].order = .dative
        isChanged = true
      }
    }
    return isChanged
  }

  /// Whether a main group atom has more bonds than its charge allows; atoms of more than eight
  /// neighbours are left as they are.
  private func isOverfull(_ index: Int) -> Bool {
    let atom = atoms[index]
    guard degree(index) <= 8, !atom.element.isMetal, atom.element.defaultValence > 0,
      atom.element != .hydrogen
    else {
      return false
    }
    let number = Int(atom.element.number) - Int(atom.charge)
    guard (1...118).contains(number),
      let most = Element(number: UInt8(number)).valences.last
    else { return false }
    return bondOrderSum(index) > Int(most)
  }
}
