extension MolecularGraph {
  /// The starting identifiers of FCFP, sums of bits.
  ///
  /// Donor 1, acceptor 2, aromatic 4, halogen 8, basic 16, acidic 32, adapted by RDKit from Gobbi
  /// and Poppinger, Biotechnol. Bioeng. 1998, 61, 47.
  func fillFeatureInvariants(_ target: inout [UInt32]) {
    target.removeAll(keepingCapacity: true)
    let surroundings = AtomSurroundings(self)
    for atom in atoms.indices {
      var features: UInt32 = 0
      if surroundings.isDonor(atom) { features |= 1 }
      if surroundings.isAcceptorFeature(atom) { features |= 2 }
      if surroundings.isAromatic(atom) { features |= 4 }
      if ElementSet.halogens.contains(surroundings.number(atom)) { features |= 8 }
      if surroundings.isBasic(atom) { features |= 16 }
      if surroundings.isAcidic(atom) { features |= 32 }
      target.append(features)
    }
  }
}

extension AtomSurroundings {
  /// Oxygen and sulfur with free pairs, amines that are no amides, aromatic nitrogen without
  /// hydrogen, furan and thiophene atoms with no nitrogen next to them or one further.
  fileprivate func isAcceptorFeature(_ atom: Int) -> Bool {
    switch aliphatic(atom) {
    case 8, 16:
      if charge(atom) == -1 { return true }
      guard valences[atom] == 2 else { return false }
      if hydrogens[atom] == 0 { return true }
      return hydrogens[atom] == 1 && !isNextToDoubleBond(atom)
    case 7: return valences[atom] == 3 && !isNextToDoubleBond(atom)
    default: break
    }
    guard isAromatic(atom), charge(atom) == 0 else { return false }
    switch number(atom) {
    case 7: return hydrogens[atom] == 0
    case 8, 16: return !hasAromaticNitrogenNearby(atom)
    default: return false
    }
  }

  /// Whether a single-bonded neighbour has a double bond to O, N, P or S.
  private func isNextToDoubleBond(_ atom: Int) -> Bool {
    contains(around: atom) { neighbor, kind in
      kind == .single && hasDoubleBond(neighbor, to: .chalcogenPnictogen, except: atom)
    }
  }

  private func hasAromaticNitrogenNearby(_ atom: Int) -> Bool {
    contains(around: atom) { neighbor, kind in
      guard kind == .aromatic, isAromatic(neighbor),
        graph.degree(neighbor) <= Self.hubDegree
      else { return false }
      if number(neighbor) == 7 { return true }
      return number(neighbor) == 6
        && contains(around: neighbor, except: atom) { next, kind in
          kind == .aromatic && isAromatic(next) && number(next) == 7
        }
    }
  }

  /// Positive nitrogen, and amines whose neighbours are carbons or aromatic atoms without `=O`.
  fileprivate func isBasic(_ atom: Int) -> Bool {
    guard number(atom) == 7 else { return false }
    if charge(atom) == 1 { return true }
    guard !isAromatic(atom), charge(atom) == 0 else { return false }
    switch hydrogens[atom] {
    case 2: return count(around: atom) { $1.isPlain && isPlainCarbon($0) } >= 1
    case 1: return count(around: atom) { $1.isPlain && isPlainCarbon($0) } >= 2
    case 0:
      return count(around: atom) {
        $1.isPlain && aliphatic($0) == 6 && !hasDoubleBond($0, to: .oxygen)
      } >= 3
    default: return false
    }
  }

  private func isPlainCarbon(_ atom: Int) -> Bool {
    (isAromatic(atom) || number(atom) == 6) && !hasDoubleBond(atom, to: .oxygen)
  }

  /// Carbon or sulfur of an acid: a double bond to O, S or P and a hydroxyl group or its anion.
  fileprivate func isAcidic(_ atom: Int) -> Bool {
    guard aliphatic(atom) == 6 || aliphatic(atom) == 16 else { return false }
    guard hasDoubleBond(atom, to: .oxygenSulfurPhosphorus) else { return false }
    return contains(around: atom) { neighbor, kind in
      kind == .single && aliphatic(neighbor) == 8
        && (hydrogens[neighbor] == 1 || charge(neighbor) == -1)
    }
  }
}
