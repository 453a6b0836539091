/// How many hydrogens complete an atom whose charge, bonds and unpaired electrons are known.
///
/// The rule is RDKit's: a charged atom has the valences of the element with as many electrons;
/// phosphorus, sulfur, arsenic and selenium that would become halogens or noble gases keep their
/// own, shifted by the charge.
enum HydrogenValence {
  /// The number of hydrogens; nil when the bonds exceed every valence.
  static func hydrogens(
    element: Element, charge: Int, bonds: Int, radicals: Int, isAromatic: Bool = false
  ) -> Int? {
    let number = Int(element.number)
    if number == 0 { return 0 }
    var used = bonds + radicals
    if number == 1, used == 0 { return charge == 0 ? 1 : abs(charge) == 1 ? 0 : nil }
    guard element.defaultValence >= 0 else { return 0 }
    var effective = number - charge
    if isHypervalent(number, effective) {
      effective = number
      used -= charge
    }
    guard effective > 0 else { return 0 }
    guard effective <= 118 else { return nil }
    let valences = Element(number: UInt8(effective)).valences
    guard let lowest = valences.first else { return 0 }
    if isAromatic { return max(0, Int(lowest) - used) }
    guard let fitting = valences.first(where: { Int($0) >= used }) else {
      return isUnlimited(number) || isUnlimited(effective) ? 0 : nil
    }
    return Int(fitting) - used
  }

  /// Alkali and alkaline earth metals that may have more bonds than their valence.
  private static func isUnlimited(_ number: Int) -> Bool {
    switch number {
    case 3, 11, 12, 19, 20, 37, 38, 56, 88: true
    default: false
    }
  }

  private static func isHypervalent(_ number: Int, _ effective: Int) -> Bool {
    switch number {
    case 15, 16: effective > 16
    case 33, 34: effective > 34
    default: false
    }
  }
}

extension MolecularGraph {
  /// The first atom with more bonds and hydrogens than any valence of its element and charge
  /// allows, with their number; O(A + B).
  func overfullAtom() -> (atom: Int, bonds: Int)? {
    for index in atoms.indices {
      let atom = atoms[index]
      // Hydrogens that the valence model added filled a valence.
      if atom.implicitHydrogens > 0, atom.charge == 0 { continue }
      var bondSum = atom.hydrogens
      for slot in neighborRange(index) {
        bondSum += bonds[Int(neighborBonds[slot])].valence(at: Int32(truncatingIfNeeded: index))
      }
      // Within the lowest valence of a neutral atom nothing can be wrong.
      if atom.charge == 0, bondSum <= atom.element.defaultValence, bondSum > 0 { continue }
      if HydrogenValence.hydrogens(
        element: atom.element, charge: Int(atom.charge), bonds: bondSum, radicals: 0) == nil
      {
        return (index, bondSum)
      }
    }
    return nil
  }
}
