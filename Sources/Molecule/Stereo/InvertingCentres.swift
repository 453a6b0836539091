extension MolecularGraph {
  /// Takes the tetrahedral marks off centres that cannot hold a shape.
  mutating func dropInvertingCentres() {
    for index in atoms.indices
    where atoms[index].chirality.shape == .tetrahedral
      && (atoms[index].hydrogens > 1 || !mayBeStereocenter(index))
    {
      atoms[index].chirality = .none
    }
  }

  /// Whether an atom could be a tetrahedral centre by its own valences, neighbours not compared.
  ///
  /// The rules are RDKit's: four neighbours, one hydrogen among them at most; of atoms with three
  /// neighbours phosphorus, arsenic, sulfoxides, sulfonium and selenium alike, and pyramidal nitrogen
  /// in a three-membered ring or at a bridgehead. A bond in which the atom gives both electrons does
  /// not count.
  func mayBeStereocenter(_ index: Int) -> Bool {
    let hydrogens = atoms[index].hydrogens
    let neighbors = neighborRange(index).count {
      bonds[Int(neighborBonds[$0])].valence(at: Int32(truncatingIfNeeded: index)) > 0
    }
    guard (3...4).contains(neighbors + hydrogens) else { return false }
    if neighbors == 4 { return true }
    let number = atoms[index].element.number
    if number == 15 || number == 33 { return true }
    guard neighbors == 3 else { return false }
    if hydrogens == 1 {
      return !neighborRange(index).contains { isPlainHydrogen(Int(neighborAtoms[$0])) }
    }
    switch number {
    case 16, 34:
      let valence = bondOrderSum(index)
      return valence == 4 || (valence == 3 && atoms[index].charge == 1)
    case 7:
      return atoms[index].isInRing && degree(index) == 3 && isPyramidal(index)
        && (isInTriangle(index) || isBridgehead(index))
    default: return false
    }
  }

  private func isPlainHydrogen(_ index: Int) -> Bool {
    atoms[index].element == .hydrogen && atoms[index].isotope == 0
  }

  /// Whether no neighbour draws the lone pair into a double or aromatic bond.
  private func isPyramidal(_ index: Int) -> Bool {
    guard bondOrderSum(index) == 3 else { return false }
    return neighborRange(index).allSatisfy { slot in
      let neighbor = Int(neighborAtoms[slot])
      // The double bonds of sulfoxides and phosphoryl groups do not count (RDKit's conjugation).
      let number = atoms[neighbor].element.number
      let isHypervalent = [15, 16, 33, 34].contains(number) && !atoms[neighbor].isAromatic
      return isHypervalent
        || neighborRange(neighbor).allSatisfy {
          let bond = bonds[Int(neighborBonds[$0])]
          return !bond.isAromatic && (bond.order == .single || bond.order == .dative)
        }
    }
  }

  private func isInTriangle(_ index: Int) -> Bool {
    (0..<rings.count).contains { rings.size($0) == 3 && rings.atoms($0).contains(Int32(index)) }
  }

  /// Whether all bonds of the atom lie on rings, each of which shares two or more bonds with
  /// another ring at the atom.
  private func isBridgehead(_ index: Int) -> Bool {
    let incident = neighborRange(index).map { neighborBonds[$0] }
    guard incident.allSatisfy({ bonds[Int($0)].isInRing }) else { return false }
    let all = RingVariants(of: self)?.rings ?? (0..<rings.count).map { Array(rings.bonds($0)) }
    let own = all.filter { ring in incident.contains { ring.contains($0) } }
    return own.indices.allSatisfy { ring in
      own.indices.contains { other in
        other != ring && own[other].count { own[ring].contains($0) } >= 2
      }
    }
  }
}
