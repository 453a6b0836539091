extension AtomSurroundings {
  /// The type of a carbon atom: the first definition of the table that fits.
  func crippenCarbon(_ atom: Int) -> CrippenType {
    let around = CrippenNeighbors(atom, in: self)
    if isAromatic(atom) { return crippenAromaticCarbon(atom, around) }
    let hydrogens = hydrogens[atom]
    let isTetrahedral = connections(atom) == 4
    if let type = crippenAlkyl(hydrogens, isTetrahedral, around) { return type }
    if around.doubleOther > 0 { return .c5 }
    if around.doubleCarbon > 0 {
      switch hydrogens {
      case 2: return .c6
      case 1: if around.aliphatic >= 1 { return .c6 }
      case 0: if around.aliphatic >= 2 { return .c6 }
      default: break
      }
      if around.doubleCarbon >= 2 { return .c6 }
    }
    if connections(atom) == 2, around.triple > 0 { return .c7 }
    if around.aromatic > 0 {
      if hydrogens == 3 { return around.aromaticCarbon > 0 ? .c8 : .c9 }
      if isTetrahedral {
        switch hydrogens {
        case 2: return .c10
        case 1: return .c11
        case 0: return .c12
        default: break
        }
      }
      if around.doubleCarbon > 0 {
        let hasSecond = around.aliphatic > 0 || (around.aromaticCarbon > 0 && around.aromatic > 1)
        if hasSecond || hydrogens == 1 { return .c26 }
      }
    }
    if around.doubleAromaticCarbon > 0 { return .c26 }
    return isTetrahedral && around.other > 0 ? .c27 : .cs
  }

  private func crippenAlkyl(
    _ hydrogens: UInt8, _ isTetrahedral: Bool, _ around: CrippenNeighbors
  ) -> CrippenType? {
    switch hydrogens {
    case 4: return .c1
    case 3:
      if around.carbon > 0 { return .c1 }
      return around.hetero > 0 ? .c3 : nil
    case 2:
      if around.carbon >= 2 { return .c1 }
      return isTetrahedral && around.hetero > 0 && around.aliphatic >= 2 ? .c3 : nil
    case 1:
      if around.carbon >= 3 { return .c2 }
      return isTetrahedral && around.hetero > 0 && around.aliphatic >= 3 ? .c4 : nil
    default:
      if around.carbon >= 4 { return .c2 }
      return hydrogens == 0 && isTetrahedral && around.hetero > 0 && around.aliphatic >= 4
        ? .c4 : nil
    }
  }

  private func crippenAromaticCarbon(_ atom: Int, _ around: CrippenNeighbors) -> CrippenType {
    if hydrogens[atom] == 0,
      contains(
        around: atom,
        { $1 == .single && !isAromatic($0) && !Self.organic.contains(number($0)) })
    {
      return .c13
    }
    var halogen = 0
    for slot in graph.neighborRange(atom) where kinds[Int(graph.neighborBonds[slot])].isPlain {
      switch number(Int(graph.neighborAtoms[slot])) {
      case 9: halogen = max(halogen, 4)
      case 17: halogen = max(halogen, 3)
      case 35: halogen = max(halogen, 2)
      case 53: halogen = max(halogen, 1)
      default: break
      }
    }
    switch halogen {
    case 4: return .c14
    case 3: return .c15
    case 2: return .c16
    case 1: return .c17
    default: break
    }
    if hydrogens[atom] == 1 { return .c18 }
    if around.aromaticBonds >= 3 { return .c19 }
    guard around.aromaticBonds >= 2 else { return .cs }
    if around.aromaticSubstituents > 0 { return .c20 }
    if hasSubstituent(atom, 6) { return .c21 }
    if hasSubstituent(atom, 7) { return .c22 }
    if hasSubstituent(atom, 8) { return .c23 }
    if hasSubstituent(atom, 16) { return .c24 }
    return hasDoubleBond(atom, to: [6, 7, 8]) ? .c25 : .cs
  }

  private static let organic: ElementSet = [1, 6, 7, 8, 9, 16, 17, 35, 53]

  private func hasSubstituent(_ atom: Int, _ element: Int) -> Bool {
    contains(around: atom) { $1 == .single && aliphatic($0) == element }
  }
}
