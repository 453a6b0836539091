extension MolecularGraph {
  /// Electrons of an atom in bonds, hydrogens included; an aromatic atom counts one double bond.
  func bondOrderSum(_ atom: Int) -> Int {
    var sum = atoms[atom].hydrogens
    var aromatic = 0
    for slot in neighborRange(atom) {
      let bond = bonds[Int(neighborBonds[slot])]
      if bond.isAromatic { aromatic += 1 } else { sum += bond.valence(at: Int32(atom)) }
    }
    return aromatic == 0 ? sum : sum + aromatic + 1
  }

  /// Fills atoms without brackets up to their lowest fitting valence (OpenSMILES section 3.1.5);
  /// aromatic atoms, and those that `:` joins, up to their lowest valence only.
  mutating func addImplicitHydrogens() {
    for index in atoms.indices where !atoms[index].isBracket {
      let element = atoms[index].element
      guard element.defaultValence > 0 else { continue }
      let sum = bondOrderSum(index)
      if atoms[index].isAromatic {
        atoms[index].implicitHydrogens = UInt8(max(0, element.defaultValence - sum))
      } else if sum <= element.defaultValence {
        atoms[index].implicitHydrogens = UInt8(element.defaultValence - sum)
      } else if let valence = element.valences.first(where: { Int($0) >= sum }),
        !neighborRange(index).contains(where: { bonds[Int(neighborBonds[$0])].isAromatic })
      {
        atoms[index].implicitHydrogens = UInt8(Int(valence) - sum)
      }
    }
  }

  /// Electrons that take part in no bond and no pair, after RDKit's rule for bracket atoms.
  func radicalElectrons(_ index: Int) -> Int {
    radicalElectrons(index, valence: bondOrderSum(index))
  }

  /// The same for an atom whose bonds and hydrogens take `valence`.
  func radicalElectrons(_ index: Int, valence: Int) -> Int {
    let atom = atoms[index]
    guard atom.isBracket, atom.element.defaultValence >= 0 else { return 0 }
    let outer = atom.element.outerElectrons
    let charge = Int(atom.charge)
    let shell = atom.element.number <= 2 ? 2 : 8
    var count = shell - outer - valence + charge
    if count < 0 {
      let fitting = atom.element.valences.lazy
        .map { Int($0) - valence + charge }.first { $0 >= 0 }
      count = atom.element.valences.count > 1 ? fitting ?? 0 : 0
    }
    let early = outer - valence - charge
    return early >= 0 ? min(count, early) : count
  }
}
