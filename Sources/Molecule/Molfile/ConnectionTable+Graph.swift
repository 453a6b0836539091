extension ConnectionTable {
  /// The molecule that the table states, perceived as ``SMILESReader`` perceives its own, and the
  /// index in the table of each of its atoms.
  ///
  /// Plain hydrogen atoms become hydrogens of their heavy atom; stereo marks come from wedges and
  /// coordinates.
  func graph() throws(MolfileError) -> (graph: MolecularGraph, tableAtoms: [Int32]) {
    var graph = plainGraph()
    try refuseDuplicateBonds(in: graph)
    try addHydrogens(to: &graph)
    markCentres(of: &graph)
    let ends = doubleBondArrangements(in: graph)
    keepHydrogens(of: ends, in: &graph)
    graph.mergeExplicitHydrogens()
    graph.separateCharges()
    do throws(SMILESError) {
      try graph.perceive()
    } catch {
      throw chemistryError(error)
    }
    if let overfull = graph.overfullAtom() {
      throw self.overfull(Int(graph.atoms[overfull.atom].offset), overfull.bonds)
    }
    graph.dropInvertingCentres()
    // Offsets carry the index in the table through the changes above.
    let tableAtoms = graph.atoms.map(\.offset)
    setStereoBonds(ends, of: &graph, tableAtoms: tableAtoms)
    graph.dropMeaninglessMarks()
    return (graph, tableAtoms)
  }

  /// Two bonds between one pair of atoms; O(A + B).
  private func refuseDuplicateBonds(in graph: MolecularGraph) throws(MolfileError) {
    var seenFrom = [Int32](repeating: -1, count: atoms.count)
    for atom in atoms.indices {
      for slot in graph.neighborRange(atom) {
        let neighbor = Int(graph.neighborAtoms[slot])
        if seenFrom[neighbor] == Int32(atom) {
          let bond = bonds[Int(graph.neighborBonds[slot])]
          throw MolfileError(
            .badField, line: Int(bond.line),
            found: "a second bond between atoms \(bond.begin + 1) and \(bond.end + 1)",
            expected: "one at most")
        }
        seenFrom[neighbor] = Int32(atom)
      }
    }
  }

  /// Atoms and bonds as stated; each atom's offset is its index.
  private func plainGraph() -> MolecularGraph {
    var drafted: [Molecule.Atom] = []
    drafted.reserveCapacity(atoms.count)
    for (index, atom) in atoms.enumerated() {
      var draft = Molecule.Atom(element: atom.element)
      draft.charge = atom.charge
      draft.isotope = atom.isotope
      draft.atomClass = atom.atomClass
      draft.offset = Int32(index)
      drafted.append(draft)
    }
    var halfBonds = GrowingArray<MolecularGraph.HalfBond>(capacity: 2 * bonds.count)
    var draftedBonds: [Molecule.Bond] = []
    draftedBonds.reserveCapacity(bonds.count)
    for (index, bond) in bonds.enumerated() {
      var draft = Molecule.Bond(begin: bond.begin, end: bond.end, order: .single)
      draft.offset = Int32(index)
      switch bond.type {
      case .single: break
      case .double: draft.order = .double
      case .triple: draft.order = .triple
      case .dative: draft.order = .dative
      case .aromatic:
        draft.isAromatic = true
        drafted[Int(bond.begin)].isAromatic = true
        drafted[Int(bond.end)].isAromatic = true
      }
      draftedBonds.append(draft)
      let (begin, end) = (bond.begin, bond.end)
      halfBonds.append(MolecularGraph.HalfBond(atom: begin, bond: Int32(index), neighbor: end))
      halfBonds.append(MolecularGraph.HalfBond(atom: end, bond: Int32(index), neighbor: begin))
    }
    return MolecularGraph(atoms: drafted, bonds: draftedBonds, halfBonds: halfBonds)
  }

  /// Fills atoms up to a valence; those whose hydrogens the file fixes become bracket atoms.
  private func addHydrogens(to graph: inout MolecularGraph) throws(MolfileError) {
    for (index, atom) in atoms.enumerated() {
      let bonds = graph.bondOrderSum(index)
      if atom.valence != 0 || atom.hasNoImplicit || atom.hydrogens != nil {
        let stated = atom.valence > 0 ? max(0, Int(atom.valence) - bonds) : 0
        graph.atoms[index].isBracket = true
        graph.atoms[index].explicitHydrogens = atom.hydrogens ?? UInt8(clamping: stated)
        continue
      }
      let needed = HydrogenValence.hydrogens(
        element: atom.element, charge: Int(atom.charge), bonds: bonds,
        radicals: Int(atom.radicals), isAromatic: graph.atoms[index].isAromatic)
      if atom.radicals > 0 {
        guard needed != nil else { throw overfull(index, bonds) }
        graph.atoms[index].isBracket = true
        graph.atoms[index].explicitHydrogens = UInt8(clamping: needed ?? 0)
      } else {
        graph.atoms[index].implicitHydrogens = UInt8(clamping: needed ?? 0)
      }
    }
  }

  private func overfull(_ index: Int, _ bonds: Int) -> MolfileError {
    let atom = atoms[index]
    return MolfileError(
      .chemistry, line: Int(atom.line),
      found: "\(atom.element.symbol) with charge \(atom.charge) and \(bonds) bonds",
      expected: "at most as many bonds as its valence")
  }

  private func chemistryError(_ error: SMILESError) -> MolfileError {
    let line = atoms.indices.contains(error.offset) ? Int(atoms[error.offset].line) : 1
    return MolfileError(
      .chemistry, line: line, found: "atom \(error.offset + 1), but \(error.reason.sentence)",
      expected: "a molecule")
  }
}
