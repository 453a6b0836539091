extension AtomSurroundings {
  /// The type of a hydrogen on `heavy`.
  func crippenHydrogen(on heavy: Int) -> CrippenType {
    switch number(heavy) {
    case 1, 6: return .h1
    case 7: return .h3
    case 8: return isAromatic(heavy) ? .hs : crippenHydroxyl(heavy)
    default: return .h2
    }
  }

  /// The type of a hydrogen that is an atom of the graph.
  func crippenHydrogen(atom: Int) -> CrippenType {
    if graph.atoms[atom].hydrogens > 0 { return .h1 }
    var found = CrippenType.hs
    for slot in graph.neighborRange(atom) where kinds[Int(graph.neighborBonds[slot])].isPlain {
      let type = crippenHydrogen(on: Int(graph.neighborAtoms[slot]))
      if type.rawValue < found.rawValue { found = type }
    }
    return found
  }

  private func crippenHydroxyl(_ oxygen: Int) -> CrippenType {
    // Another hydrogen counts as an element that is neither C, N, O nor S.
    if hydrogens[oxygen] > 1 { return .h2 }
    var found = CrippenType.hs
    for slot in graph.neighborRange(oxygen) where kinds[Int(graph.neighborBonds[slot])].isPlain {
      let neighbor = Int(graph.neighborAtoms[slot])
      var type = CrippenType.hs
      switch number(neighbor) {
      case 1: continue
      case 6:
        if isAromatic(neighbor) || connections(neighbor) == 4 {
          type = .h2
        } else if hasUnsaturation(neighbor) {
          type = .h4
        }
      case 7: type = .h3
      case 8, 16: if !isAromatic(neighbor) { type = .h4 }
      default: type = .h2
      }
      if type.rawValue < found.rawValue { found = type }
    }
    return found
  }

  /// Whether an aliphatic carbon has a double bond to C or N, aliphatic or not, or to O or S.
  private func hasUnsaturation(_ atom: Int) -> Bool {
    guard graph.degree(atom) <= Self.hubDegree else { return false }
    return contains(around: atom) { neighbor, kind in
      guard kind == .double else { return false }
      return number(neighbor) == 6 || number(neighbor) == 7
        || ElementSet.oxygenSulfur.contains(aliphatic(neighbor))
    }
  }

  /// Sums of the contributions of all atoms: log P and molar refractivity in cm³/mol.
  func crippenSums() -> (logP: Double, refractivity: Double) {
    var (logP, refractivity) = (0.0, 0.0)
    for atom in graph.atoms.indices {
      let isHydrogen = number(atom) == 1
      let type = isHydrogen ? crippenHydrogen(atom: atom) : crippenType(atom)
      logP += type.logP
      refractivity += type.refractivity
      let count = graph.atoms[atom].hydrogens
      guard count > 0 else { continue }
      let hydrogen = crippenHydrogen(on: atom)
      logP += Double(count) * hydrogen.logP
      refractivity += Double(count) * hydrogen.refractivity
    }
    return (logP, refractivity)
  }
}
