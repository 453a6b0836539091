extension MolecularGraph {
  /// Element, neighbours and π electrons in nine bits, numbered as in RDKit.
  ///
  /// Carhart, Smith and Venkataraghavan, J. Chem. Inf. Comput. Sci. 1985, 25, 64: bits 0–2 the
  /// neighbours modulo 7, bits 3–4 the π electrons modulo 3, bits 5–8 the element.
  func fillAtomPairCodes(_ target: inout [UInt32]) {
    target.removeAll(keepingCapacity: true)
    for index in atoms.indices {
      let branches = UInt32(degree(index) % 7)
      let electrons = UInt32(piElectrons(index) % 3)
      target.append(branches | electrons << 3 | atoms[index].element.pairType << 5)
    }
  }

  /// Electrons an atom gives to double and triple bonds; none when it has four orbitals of the
  /// same kind, as sulfur in sulfones and sulfoxides and phosphorus in phosphates.
  private func piElectrons(_ index: Int) -> Int {
    let atom = atoms[index]
    if atom.isAromatic { return 1 }
    var electrons = 0
    var valence = atom.hydrogens
    for slot in neighborRange(index) {
      let bond = bonds[Int(neighborBonds[slot])]
      valence += bond.valence(at: Int32(index))
      if bond.order != .dative { electrons += Int(bond.order.rawValue) - 1 }
    }
    guard electrons > 0 else { return 0 }
    var orbitals = degree(index) + atom.hydrogens
    if atom.element.number < 89 {
      orbitals += (atom.element.outerElectrons - valence - Int(atom.charge)) / 2
    }
    return orbitals == 4 && hybridization(index) == .sp3 ? 0 : electrons
  }
}

extension Element {
  /// The place among the fifteen elements that have one of their own; 15 for all others.
  fileprivate var pairType: UInt32 {
    switch number {
    case 5: 0
    case 6: 1
    case 7: 2
    case 8: 3
    case 9: 4
    case 14: 5
    case 15: 6
    case 16: 7
    case 17: 8
    case 33: 9
    case 34: 10
    case 35: 11
    case 51: 12
    case 52: 13
    case 53: 14
    default: 15
    }
  }
}
