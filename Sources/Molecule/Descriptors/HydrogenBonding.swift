extension AtomSurroundings {
  /// Nitrogen with a hydrogen, hydroxyl, thiol and aromatic NH (Gobbi and Poppinger 1998, as RDKit
  /// reads them).
  func isDonor(_ atom: Int) -> Bool {
    let hydrogens = hydrogens[atom]
    switch aliphatic(atom) {
    case 7:
      return hydrogens > 0 && (valences[atom] == 3 || (valences[atom] == 4 && charge(atom) == 1))
    case 8, 16: return hydrogens == 1 && charge(atom) == 0
    default:
      return isAromatic(atom) && number(atom) == 7 && hydrogens == 1 && charge(atom) == 0
    }
  }

  /// Oxygen and sulfur with free pairs but no acid's OH, amines that are no amides, aromatic
  /// nitrogen of two neighbours, aromatic oxygen and sulfur (RDKit's definition 2.0.2).
  func isAcceptor(_ atom: Int) -> Bool {
    switch aliphatic(atom) {
    case 8, 16:
      if charge(atom) == -1 { return true }
      guard valences[atom] == 2 else { return false }
      if hydrogens[atom] == 0 { return true }
      return hydrogens[atom] == 1
        && contains(around: atom) { neighbor, kind in
          kind == .single && !hasDoubleBond(neighbor, to: .chalcogenPnictogen)
        }
    case 7: return valences[atom] == 3 && !isAmideNitrogen(atom)
    default: break
    }
    guard isAromatic(atom), charge(atom) == 0 else { return false }
    switch number(atom) {
    case 7: return hydrogens[atom] == 0 && connections(atom) == 2
    case 8, 16: return true
    default: return false
    }
  }

  /// Whether a single-bonded neighbour has a double bond outside rings to O, N, P or S.
  private func isAmideNitrogen(_ atom: Int) -> Bool {
    contains(around: atom) { neighbor, kind in
      guard kind == .single, graph.degree(neighbor) <= Self.hubDegree else { return false }
      for slot in graph.neighborRange(neighbor) {
        let bond = Int(graph.neighborBonds[slot])
        let end = Int(graph.neighborAtoms[slot])
        if end != atom, kinds[bond] == .double, !graph.bonds[bond].isInRing,
          ElementSet.chalcogenPnictogen.contains(aliphatic(end))
        {
          return true
        }
      }
      return false
    }
  }
}
