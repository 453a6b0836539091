extension MolecularGraph {
  /// Takes the marks off centres of three neighbours and a lone pair that turn inside out too fast
  /// to be drawn: all but phosphorus, arsenic, sulfonium, sulfoxide and selenium alike, and
  /// nitrogen held in a three-membered ring or at a bridgehead, which is RDKit's list.
  mutating func dropInvertingCentres() {
    for index in atoms.indices
    where atoms[index].chirality.shape == .tetrahedral && !keepsShape(index) {
      atoms[index].chirality = .none
    }
  }

  /// Whether the neighbours of an atom hold their places.
  func keepsShape(_ index: Int) -> Bool {
    let hydrogens = atoms[index].hydrogens
    if hydrogens > 1 { return false }
    if degree(index) + hydrogens != 3 { return true }
    guard hydrogens == 0 else { return false }
    switch atoms[index].element.number {
    case 15, 33: return true
    case 16, 34:
      let valence = bondOrderSum(index)
      return valence == 4 || (valence == 3 && atoms[index].charge == 1)
    case 7: return atoms[index].isInRing && (isInTriangle(index) || isBridgehead(index))
    default: return false
    }
  }

  private func isInTriangle(_ index: Int) -> Bool {
    (0..<rings.count).contains { rings.size($0) == 3 && rings.atoms($0).contains(Int32(index)) }
  }

  /// Whether all bonds of the atom lie on rings, each of which shares two or more bonds with
  /// another ring at the atom.
  private func isBridgehead(_ index: Int) -> Bool {
    let range = neighborRange(index)
    guard range.allSatisfy({ bonds[Int(neighborBonds[$0])].isInRing }) else { return false }
    let own = (0..<rings.count).filter { rings.atoms($0).contains(Int32(index)) }
    return own.allSatisfy { ring in
      own.contains { other in
        other != ring && rings.bonds(other).count { rings.bonds(ring).contains($0) } >= 2
      }
    }
  }
}
