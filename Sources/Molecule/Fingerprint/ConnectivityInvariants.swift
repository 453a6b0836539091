extension MolecularGraph {
  /// The starting identifiers of ECFP: element, total degree, hydrogens, charge, isotope as the
  /// difference from the mean mass, and ring membership; numbers as in RDKit.
  func fillConnectivityInvariants(_ target: inout [UInt32]) {
    target.removeAll(keepingCapacity: true)
    let hasHydrogenAtoms = atoms.contains { $0.element == .hydrogen }
    for index in atoms.indices {
      let atom = atoms[index]
      var hydrogens = atom.hydrogens
      if hasHydrogenAtoms {
        for slot in neighborRange(index)
        where atoms[Int(neighborAtoms[slot])].element == .hydrogen {
          hydrogens += 1
        }
      }
      var hash = HashCombine()
      hash.add(UInt32(atom.element.number))
      hash.add(UInt32(degree(index) + atom.hydrogens))
      hash.add(UInt32(hydrogens))
      hash.add(UInt32(bitPattern: Int32(atom.charge)))
      hash.add(atom.isotope == 0 ? 0 : UInt32(bitPattern: atom.massDifference))
      if atom.isInRing { hash.add(1) }
      target.append(hash.value)
    }
  }
}

extension Atom {
  /// Mass of the stated isotope less the mean mass of the element, towards 0.
  fileprivate var massDifference: Int32 { Int32(mass - element.averageMass) }
}
