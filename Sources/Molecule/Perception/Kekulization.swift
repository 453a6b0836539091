extension MolecularGraph {
  /// Replaces aromatic marks of the text by alternating bonds; clears the marks.
  ///
  /// Every aromatic atom that has a valence to spare must get one double bond: a perfect matching,
  /// found greedily and completed by Edmonds' blossom method. Wildcards may stay without.
  mutating func kekulize() throws(SMILESError) {
    guard atoms.contains(where: \.isAromatic) || bonds.contains(where: \.isAromatic) else { return }
    for index in atoms.indices where atoms[index].isAromatic && !atoms[index].isInRing {
      throw SMILESError(reason: .aromaticAtomOutsideRing, offset: Int(atoms[index].offset))
    }
    for index in bonds.indices where bonds[index].isAromatic && !bonds[index].isInRing {
      guard mayStandOutsideRing(bonds[index]) else {
        throw SMILESError(reason: .aromaticBondOutsideRing, offset: Int(bonds[index].offset))
      }
      bonds[index].isAromatic = false
    }
    var matching = DoubleBondMatching(graph: self)
    matching.matchGreedily()
    if let failed = matching.complete() {
      throw SMILESError(reason: .cannotKekulize, offset: Int(atoms[failed].offset))
    }
    for index in bonds.indices where bonds[index].isAromatic {
      bonds[index].isAromatic = false
      let (begin, end) = (Int(bonds[index].begin), bonds[index].end)
      bonds[index].order = matching.partner[begin] == end ? .double : .single
    }
    for index in atoms.indices where atoms[index].isAromatic {
      atoms[index].isAromatic = false
      switch atoms[index].element.number {
      case 7 where atoms[index].explicitHydrogens == 1: relieveNitrogen(index)
      case 15, 16: fillAromatic(index)
      default: break
      }
    }
  }

  /// Whether an aromatic bond that lies on no ring is a single bond: between two lower-case atoms,
  /// as in biphenyl, or a lower-case one and a wildcard.
  private func mayStandOutsideRing(_ bond: Bond) -> Bool {
    let (begin, end) = (atoms[Int(bond.begin)], atoms[Int(bond.end)])
    return (begin.isAromatic && (end.isAromatic || end.element == .wildcard))
      || (end.isAromatic && begin.element == .wildcard)
  }

  /// How much an atom of aromatic bonds wants a double bond among them.
  func doubleBondNeed(_ index: Int) -> DoubleBondMatching.Need {
    var sum = atoms[index].hydrogens
    var aromatic = 0
    var places = atoms[index].hydrogens
    var touchesMetal = false
    for slot in neighborRange(index) {
      let bond = bonds[Int(neighborBonds[slot])]
      if bond.isAromatic {
        aromatic += 1
        sum += 1
        places += 1
      } else {
        let valence = bond.valence(at: Int32(index))
        sum += valence
        places += valence > 0 ? 1 : 0
      }
      touchesMetal = touchesMetal || atoms[Int(neighborAtoms[slot])].element.isMetal
    }
    let atom = atoms[index]
    guard aromatic > 0 || atom.isAromatic else { return .no }
    if atom.element == .wildcard { return .optional }
    var valence = atom.element.defaultValence
    guard valence > 0 else { return .no }
    var charge = Int(atom.charge)
    switch atom.element.number {
    case 5, 13: charge = -charge
    case 6, 14: charge = -abs(charge)
    default: break
    }
    valence += charge
    let total = toleratedValence(atom, charge: charge, twice: 2 * sum + aromatic)
    for next in atom.element.valences.dropFirst() where total > valence {
      valence = Int(next) + charge
    }
    if atom.element == .nitrogen, atom.charge == 0, touchesMetal, sum == 3 { return .optional }
    if places >= valence { return .no }
    if valence == sum + 1 || (atom.isBracket && valence == sum + 2) { return .required }
    return .no
  }
}

extension MolecularGraph {
  /// What an aromatic atom uses of its valence where `twice` is double the sum of its bonds, aromatic
  /// ones counted one and a half: up to one and a half too much is forgiven (RDKit's rule).
  private func toleratedValence(_ atom: Atom, charge: Int, twice: Int) -> Int {
    let lowest = atom.element.defaultValence + charge
    guard twice > 2 * lowest else { return twice / 2 }
    let fitting = atom.element.valences.lazy.map { Int($0) + charge }.last { 2 * $0 <= twice }
    let valence = fitting ?? lowest
    return twice - 2 * valence <= 3 ? valence : (twice + 1) / 2
  }

  /// Takes the hydrogen off a neutral lower-case `[nH]` that has three bonds besides, as RDKit does:
  /// `C1=[nH]C=CC=C1` is pyridine.
  private mutating func relieveNitrogen(_ index: Int) {
    guard atoms[index].charge == 0 else { return }
    let sum = neighborRange(index).reduce(0) {
      $0 + bonds[Int(neighborBonds[$1])].valence(at: Int32(truncatingIfNeeded: index))
    }
    if sum == 3 { atoms[index].explicitHydrogens = 0 }
  }

  /// Fills lower-case sulfur and phosphorus that got more bonds than their lowest valence, as in
  /// `C1=sC=CC=C1`, up to the next one.
  private mutating func fillAromatic(_ index: Int) {
    guard !atoms[index].isBracket, atoms[index].implicitHydrogens == 0,
      atoms[index].element.valences.count > 1
    else { return }
    let sum = neighborRange(index).reduce(Int(atoms[index].explicitHydrogens)) {
      $0 + bonds[Int(neighborBonds[$1])].valence(at: Int32(truncatingIfNeeded: index))
    }
    guard let valence = atoms[index].element.valences.first(where: { Int($0) >= sum }) else {
      return
    }
    atoms[index].implicitHydrogens = UInt8(Int(valence) - sum)
  }
}
