extension AtomSurroundings {
  /// Single bonds outside rings whose turning changes the shape: no end is terminal, next to a
  /// triple bond, CH₃, CF₃, CCl₃, CBr₃ or C(CH₃)₃, and the bond is none of an amide, ester, acid or
  /// their nitrogen and sulfur relatives (RDKit's strict definition 3.2.0).
  func rotatableBondCount() -> Int {
    var ends = [RotatableEnd](repeating: .unknown, count: graph.atoms.count)
    var count = 0
    for (index, bond) in graph.bonds.enumerated() where !bond.isInRing && kinds[index].isPlain {
      let (begin, end) = (Int(bond.begin), Int(bond.end))
      guard graph.degree(begin) != 1, graph.degree(end) != 1 else { continue }
      if ends[begin] == .unknown { ends[begin] = rotatableEnd(begin) }
      if ends[end] == .unknown { ends[end] = rotatableEnd(end) }
      guard ends[begin] != .fixed, ends[end] != .fixed else { continue }
      if ends[begin] == .free || ends[end] == .free { count += 1 }
    }
    return count
  }

  private func rotatableEnd(_ atom: Int) -> RotatableEnd {
    guard canTurn(atom) else { return .fixed }
    return isConjugatedEnd(atom) ? .conjugated : .free
  }

  private func canTurn(_ atom: Int) -> Bool {
    if contains(around: atom, { $1 == .triple }) { return false }
    guard aliphatic(atom) == 6 else { return true }
    if hydrogens[atom] == 3 { return false }
    var (fluorine, chlorine, bromine, methyl) = (0, 0, 0, 0)
    for slot in graph.neighborRange(atom) where kinds[Int(graph.neighborBonds[slot])].isPlain {
      let neighbor = Int(graph.neighborAtoms[slot])
      switch aliphatic(neighbor) {
      case 9: fluorine += 1
      case 17: chlorine += 1
      case 35: bromine += 1
      case 6: if hydrogens[neighbor] == 3 { methyl += 1 }
      default: break
      }
    }
    return fluorine < 3 && chlorine < 3 && bromine < 3 && methyl < 3
  }

  /// Whether an atom is the acyl carbon of an amide, an ester or a relative, or the hetero atom
  /// next to one, by a single bond outside rings.
  private func isConjugatedEnd(_ atom: Int) -> Bool {
    if isAcyl(atom, except: -1) {
      return containsOpenSingleBond(atom) { isAcylPartner($0) && isAcyl(atom, except: $0) }
    }
    return isAcylPartner(atom) && containsOpenSingleBond(atom) { isAcyl($0, except: atom) }
  }

  private func isAcyl(_ atom: Int, except excluded: Int) -> Bool {
    aliphatic(atom) == 6 && graph.degree(atom) == 3
      && hasDoubleBond(atom, to: .nitrogenOxygenSulfur, except: excluded)
  }

  private func isAcylPartner(_ atom: Int) -> Bool {
    number(atom) == 7 || aliphatic(atom) == 8 || (aliphatic(atom) == 16 && graph.degree(atom) != 1)
  }

  private func containsOpenSingleBond(_ atom: Int, _ condition: (Int) -> Bool) -> Bool {
    for slot in graph.neighborRange(atom) {
      let bond = Int(graph.neighborBonds[slot])
      if kinds[bond] == .single, !graph.bonds[bond].isInRing,
        condition(Int(graph.neighborAtoms[slot]))
      {
        return true
      }
    }
    return false
  }
}

/// What an atom makes of a bond that might turn.
private enum RotatableEnd {
  case unknown
  /// Next to a triple bond, or an end that looks the same after a turn.
  case fixed
  /// Part of an amide, an ester or a relative.
  case conjugated
  case free
}
