extension MolecularGraph {
  /// The Murcko scaffold: all rings, the chains between them, and atoms double-bonded to either.
  ///
  /// Without rings it has no atoms. O(A + B).
  /// Bemis and Murcko, J. Med. Chem. 1996, 39, 2887, with the double-bonded atoms that RDKit keeps.
  /// Places left free are filled with hydrogen around the unpaired electrons that were there; bracket
  /// atoms that only a double bond keeps have the hydrogens, charge and isotope they had, and are
  /// filled where they had none of these. A stereocentre that lost a neighbour loses its mark.
  /// Aromatic rings stay aromatic. A chain may lead through a dative bond, a ring may not.
  public func murckoScaffold() -> MolecularGraph {
    let framework = frameworkAtoms()
    var isKept = framework
    for bond in bonds where bond.order == .double && !bond.isAromatic {
      if framework[Int(bond.begin)] { isKept[Int(bond.end)] = true }
      if framework[Int(bond.end)] { isKept[Int(bond.begin)] = true }
    }
    let scaffold = subgraph(isKept, framework: framework, fillsDonors: false)
    guard bonds.contains(where: { $0.order == .dative }) else { return scaffold }
    // RDKit gives aromatic donors a hydrogen for the metal they lost; we do where that is a molecule.
    let filled = subgraph(isKept, framework: framework, fillsDonors: true)
    return filled == scaffold
      ? scaffold : (try? SMILESReader.read(filled.canonicalText(.isomeric))) ?? scaffold
  }

  /// The Murcko scaffold with every atom a carbon and every bond single; O(A + B).
  public func genericFramework() -> MolecularGraph {
    var graph = murckoScaffold()
    for index in graph.atoms.indices {
      var atom = Atom(element: .carbon)
      atom.isInRing = graph.atoms[index].isInRing
      atom.hasPredecessor = graph.atoms[index].hasPredecessor
      atom.offset = graph.atoms[index].offset
      graph.atoms[index] = atom
    }
    for index in graph.bonds.indices {
      graph.bonds[index].order = .single
      graph.bonds[index].isAromatic = false
      graph.bonds[index].direction = .none
    }
    graph.stereoBonds = []
    graph.addImplicitHydrogens()
    return graph
  }

  /// The kept atoms and the bonds among them; no ring may lose an atom.
  private func subgraph(
    _ isKept: [Bool], framework: [Bool], fillsDonors: Bool
  ) -> MolecularGraph {
    var newAtom = [Int32](repeating: -1, count: atoms.count)
    var keptAtoms: [Atom] = []
    for index in atoms.indices where isKept[index] {
      newAtom[index] = Int32(keptAtoms.count)
      keptAtoms.append(
        trimmed(index, isKept, isFramework: framework[index], fillsDonors: fillsDonors))
    }
    var newBond = [Int32](repeating: -1, count: bonds.count)
    var keptBonds: [Bond] = []
    for (index, bond) in bonds.enumerated() {
      let (begin, end) = (newAtom[Int(bond.begin)], newAtom[Int(bond.end)])
      guard begin >= 0, end >= 0 else { continue }
      newBond[index] = Int32(keptBonds.count)
      var moved = bond
      (moved.begin, moved.end) = (begin, end)
      keptBonds.append(moved)
    }
    var halfBonds = GrowingArray<HalfBond>(capacity: 2 * keptBonds.count)
    for index in atoms.indices where isKept[index] {
      for slot in neighborRange(index) where newBond[Int(neighborBonds[slot])] >= 0 {
        halfBonds.append(
          HalfBond(
            atom: newAtom[index], bond: newBond[Int(neighborBonds[slot])],
            neighbor: newAtom[Int(neighborAtoms[slot])]))
      }
    }
    var graph = MolecularGraph(atoms: keptAtoms, bonds: keptBonds, halfBonds: halfBonds)
    graph.rings = RingSet(of: graph)
    graph.stereoBonds = stereoBonds.compactMap { stereo in
      let bond = newBond[Int(stereo.bond)]
      let begin = newAtom[Int(stereo.beginNeighbor)]
      let end = newAtom[Int(stereo.endNeighbor)]
      guard bond >= 0, begin >= 0, end >= 0 else { return nil }
      return StereoBond(bond: bond, beginNeighbor: begin, endNeighbor: end, isCis: stereo.isCis)
    }
    return graph
  }

  /// An atom without its neighbours that go, hydrogens in their places.
  private func trimmed(
    _ index: Int, _ isKept: [Bool], isFramework: Bool, fillsDonors: Bool
  ) -> Atom {
    var atom = atoms[index]
    var (lost, lostValence, sum) = (0, 0, 0)
    for slot in neighborRange(index) {
      let valence = bonds[Int(neighborBonds[slot])].valence(at: Int32(index))
      if isKept[Int(neighborAtoms[slot])] {
        sum += valence
      } else {
        lost += 1
        lostValence += valence
      }
    }
    guard lost > 0 else { return atom }
    let first = Int(neighborAtoms[Int(neighborStart[index])])
    if !isKept[first] { atom.hasPredecessor = false }
    atom.chirality = .none
    let radicals = radicalElectrons(index)
    if atom.isBracket, !isFramework {
      // RDKit keeps such an atom as it is, and writes it without brackets where nothing is stated.
      let isPlain =
        atom.hydrogens == 0 && atom.charge == 0 && atom.isotope == 0 && atom.atomClass == 0
        && radicals == 0 && atom.element.isOrganic
      guard isPlain else { return atom }
      atom.isBracket = false
    }
    if atom.isAromatic, atom.element != .carbon || atom.charge == 1 {
      // An atom that only gave electrons to what it lost is complete.
      if lostValence > 0 || fillsDonors {
        (atom.explicitHydrogens, atom.implicitHydrogens) = (1, 0)
      }
      return atom
    }
    if !atom.isBracket, !atom.isAromatic { sum += Int(atom.explicitHydrogens) }
    if atom.isBracket { atom.explicitHydrogens = 0 }
    let free = atom.freeValence(bondOrderSum: sum + radicals)
    if atom.isBracket { atom.explicitHydrogens = free } else { atom.implicitHydrogens = free }
    return atom
  }
}

extension Atom {
  /// Hydrogens that fill the lowest fitting valence of the element with as many electrons.
  fileprivate func freeValence(bondOrderSum sum: Int) -> UInt8 {
    let number = Int(element.number) - Int(charge)
    guard !element.valences.isEmpty, number >= 0, number <= 118 else { return 0 }
    for valence in Element(number: UInt8(number)).valences where Int(valence) >= sum {
      return UInt8(Int(valence) - sum)
    }
    return 0
  }
}
