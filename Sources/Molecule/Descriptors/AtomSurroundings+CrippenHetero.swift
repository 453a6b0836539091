extension AtomSurroundings {
  /// The type of an atom that is not hydrogen.
  func crippenType(_ atom: Int) -> CrippenType {
    let charge = charge(atom)
    switch number(atom) {
    case 6: return crippenCarbon(atom)
    case 7: return crippenNitrogen(atom, charge)
    case 8: return crippenOxygen(atom, charge)
    case 9: return charge == 0 ? .fluorine : charge == -1 ? .halide : .none
    case 17: return charge == 0 ? .chlorine : charge == -1 ? .halide : .none
    case 35: return charge == 0 ? .bromine : charge == -1 ? .halide : .none
    case 53:
      if charge == 0 { return .iodine }
      return charge == -1 || (1...3).contains(charge) ? .halide : .none
    case 15: return .phosphorus
    case 16:
      if isAromatic(atom) { return .s3 }
      if (-4...3).contains(charge), charge != 0 { return .s2 }
      if charge == 5 || charge == 6 { return .s2 }
      if charge == 0, hasDoubleBond(atom, to: .chalcogenPnictogen) { return .s2 }
      return .s1
    case 3, 11, 19, 37, 55: return charge == 1 ? .halide : .me1
    case 4, 12, 20, 38, 56, 5, 13, 31, 49, 81, 14, 32, 50, 82, 33, 51, 83, 34, 52, 84: return .me1
    case 21...30, 39...48, 72...80: return .me2
    default: return .none
    }
  }

  private func crippenNitrogen(_ atom: Int, _ charge: Int) -> CrippenType {
    let isPositive = (1...3).contains(charge)
    if isAromatic(atom) { return charge == 0 ? .n11 : isPositive ? .n12 : .ns }
    let around = CrippenNeighbors(atom, in: self)
    let hydrogens = hydrogens[atom]
    if charge == 0 { return crippenNeutralNitrogen(hydrogens, around) }
    if isPositive {
      if (1...3).contains(hydrogens) { return .n10 }
      if hydrogens == 0, isQuaternary(atom, around) { return .n13 }
      if around.triple > 0 { return .n14 }
      return isAzideCenter(atom) ? .n14 : .ns
    }
    return (-3...(-1)).contains(charge) ? .n14 : .ns
  }

  private func crippenNeutralNitrogen(
    _ hydrogens: UInt8, _ around: CrippenNeighbors
  ) -> CrippenType {
    switch hydrogens {
    case 2:
      if around.aliphatic > 0 { return .n1 }
      if around.aromatic > 0 { return .n3 }
    case 1:
      if around.aliphatic >= 2 { return .n2 }
      if around.aromatic > 0, around.plain >= 2 { return .n4 }
      if around.double > 0 { return .n5 }
    default: break
    }
    if around.double > 0, around.plain > 0 { return .n6 }
    if around.aliphatic >= 3 { return .n7 }
    if around.aromatic > 0, around.aliphatic > 0, around.plain >= 3 { return .n8 }
    if around.aromatic >= 3 { return .n8 }
    return around.triple > 0 ? .n9 : .ns
  }

  private func isQuaternary(_ atom: Int, _ around: CrippenNeighbors) -> Bool {
    if around.aliphatic >= 4 { return true }
    let doubleAliphatic = around.doubleCarbon + around.doubleOther
    if doubleAliphatic > 0, around.aliphatic > 0, around.plain >= 2 { return true }
    return contains(around: atom) { $1 == .double && number($0) == 6 }
      && contains(around: atom) { $1 == .double && number($0) == 7 }
  }

  private func isAzideCenter(_ atom: Int) -> Bool {
    count(around: atom) { $1 == .double && aliphatic($0) == 7 } >= 2
      && contains(around: atom) {
        $1 == .double && aliphatic($0) == 7 && (-3...(-1)).contains(charge($0))
      }
  }

  private func crippenOxygen(_ atom: Int, _ charge: Int) -> CrippenType {
    if isAromatic(atom) { return .o1 }
    if hydrogens[atom] == 1 || hydrogens[atom] == 2 { return .o2 }
    let around = CrippenNeighbors(atom, in: self)
    if around.aliphatic >= 2 { return .o3 }
    if around.aromatic > 0, around.plain >= 2 { return .o4 }
    let isTerminalAnion = connections(atom) == 1 && (-3...(-1)).contains(charge)
    if contains(around: atom, { $1 == .double && (number($0) == 7 || number($0) == 8) }) {
      return .o5
    }
    if isTerminalAnion, contains(around: atom, { $1.isPlain && number($0) == 7 }) { return .o5 }
    if isTerminalAnion, charge > -3, contains(around: atom, { $1.isPlain && number($0) == 16 }) {
      return .o6
    }
    if charge == 0,
      contains(around: atom, { $1 == .double && number($0) == 16 && self.charge($0) == 0 })
    {
      return .o6
    }
    if charge == -1,
      contains(
        around: atom,
        { $1.isPlain && aliphatic($0) == 6 && hasDoubleBond($0, to: .oxygen, except: atom) })
    {
      return .o12
    }
    if isTerminalAnion,
      contains(
        around: atom,
        { $1.isPlain && number($0) != 1 && aliphatic($0) != 7 && aliphatic($0) != 16 })
    {
      return .o7
    }
    return crippenCarbonylOxygen(atom)
  }

  private func crippenCarbonylOxygen(_ atom: Int) -> CrippenType {
    for slot in graph.neighborRange(atom) where kinds[Int(graph.neighborBonds[slot])] == .double {
      let carbon = Int(graph.neighborAtoms[slot])
      guard number(carbon) == 6, graph.degree(carbon) <= Self.hubDegree else { continue }
      if isAromatic(carbon) { return .o8 }
      let around = CrippenNeighbors(carbon, in: self)
      switch hydrogens[carbon] {
      case 1:
        if around.carbon > 0 { return .o9 }
        if contains(around: carbon, { $1.isPlain && [7, 8].contains(aliphatic($0)) }) {
          return .o9
        }
      case 2: return .o9
      default: break
      }
      if around.carbon > 0, around.aliphatic >= 2 { return .o9 }
      if connections(carbon) == 2, hasDoubleBond(carbon, to: .oxygen, except: atom) { return .o9 }
      if hydrogens[carbon] == 1, around.aromaticCarbon > 0 { return .o10 }
      let carbons = around.carbon + around.aromaticCarbon
      if around.aromatic > 0, carbons > 0, around.plain >= 2 {
        if around.aromatic >= 2 || around.carbon > 0 { return .o10 }
        if around.aromaticCarbon > 0, around.aliphatic > 0 { return .o10 }
      }
      if around.plainNonCarbon >= 2 { return .o11 }
    }
    return .os
  }
}
