/// What a CXSMILES extension states that a graph holds; atoms and bonds numbered as in the text.
struct ExtensionTail {
  /// A double bond and how its ends lie; atoms by their offset in the text, which lasts.
  struct Arrangement {
    enum Kind { case cis, trans, open }

    let kind: Kind
    /// The ends of the bond.
    let ends: (Int32, Int32)
    /// The neighbour of each end with the least number, which the kind refers to.
    let neighbors: (Int32, Int32)
  }

  /// Atoms and their unpaired electrons.
  var radicals: [(atom: Int, electrons: Int)] = []
  /// Donors and the bonds they give to.
  var coordinations: [(donor: Int, bond: Int)] = []
  /// Wildcards and their R numbers.
  var groupNumbers: [(atom: Int, number: UInt16)] = []
  private(set) var arrangements: [Arrangement] = []

  /// Keeps the arrangement of a bond that has a neighbour at each end.
  mutating func add(_ kind: Arrangement.Kind, bond index: Int, of graph: MolecularGraph) {
    let bond = graph.bonds[index]
    func neighbor(_ end: Int32, _ other: Int32) -> Int32? {
      graph.neighborRange(Int(end)).map { graph.neighborAtoms[$0] }.filter { $0 != other }.min()
    }
    guard let begin = neighbor(bond.begin, bond.end), let end = neighbor(bond.end, bond.begin)
    else { return }
    func offset(_ atom: Int32) -> Int32 { graph.atoms[Int(atom)].offset }
    arrangements.append(
      Arrangement(
        kind: kind, ends: (offset(bond.begin), offset(bond.end)),
        neighbors: (offset(begin), offset(end))))
  }

  /// Changes the graph as written: coordination bonds, radicals, R numbers.
  func change(_ graph: inout MolecularGraph) {
    for (donor, bond) in coordinations {
      let other = graph.bonds[bond].other(than: Int32(donor))
      (graph.bonds[bond].begin, graph.bonds[bond].end) = (Int32(donor), other)
      graph.bonds[bond].order = .dative
      graph.bonds[bond].isAromatic = false
      graph.bonds[bond].direction = .none
    }
    for (atom, electrons) in radicals where !graph.atoms[atom].isBracket {
      let found = graph.atoms[atom]
      let hydrogens = HydrogenValence.hydrogens(
        element: found.element, charge: 0, bonds: graph.bondOrderSum(atom), radicals: electrons,
        isAromatic: found.isAromatic)
      graph.atoms[atom].isBracket = true
      graph.atoms[atom].explicitHydrogens = UInt8(clamping: hydrogens ?? 0)
    }
    for (atom, number) in groupNumbers
    where graph.atoms[atom].element == .wildcard && graph.atoms[atom].isotope == 0 {
      graph.atoms[atom].isotope = number
    }
  }
}

extension MolecularGraph {
  /// Puts the arrangements of an extension in place of those that the text's marks state.
  mutating func place(_ arrangements: [ExtensionTail.Arrangement]) {
    guard !arrangements.isEmpty else { return }
    var atomAt: [Int32: Int] = [:]
    for index in atoms.indices { atomAt[atoms[index].offset] = index }
    for arrangement in arrangements {
      guard let begin = atomAt[arrangement.ends.0], let end = atomAt[arrangement.ends.1],
        let slot = neighborRange(begin).first(where: { neighborAtoms[$0] == Int32(end) })
      else { continue }
      let bond = Int(neighborBonds[slot])
      stereoBonds.removeAll { $0.bond == Int32(bond) }
      guard arrangement.kind != .open, mayBeArranged(bond),
        let first = reference(atomAt[arrangement.neighbors.0], of: begin, except: end),
        let second = reference(atomAt[arrangement.neighbors.1], of: end, except: begin)
      else { continue }
      let isCis = (arrangement.kind == .cis) == (first.isStated == second.isStated)
      let isForward = bonds[bond].begin == Int32(begin)
      stereoBonds.append(
        StereoBond(
          bond: Int32(bond), beginNeighbor: isForward ? first.atom : second.atom,
          endNeighbor: isForward ? second.atom : first.atom, isCis: isCis))
    }
    stereoBonds.sort { $0.bond < $1.bond }
  }

  /// Whether the bond is double, not aromatic, and on no ring of fewer than eight atoms.
  private func mayBeArranged(_ bond: Int) -> Bool {
    guard bonds[bond].order == .double, !bonds[bond].isAromatic,
      degree(Int(bonds[bond].begin)) <= 3, degree(Int(bonds[bond].end)) <= 3
    else { return false }
    return !(0..<rings.count).contains {
      rings.size($0) < 8 && rings.bonds($0).contains(Int32(bond))
    }
  }

  /// The neighbour that was stated, or the other one where that became a hydrogen count.
  private func reference(
    _ stated: Int?, of end: Int, except other: Int
  ) -> (atom: Int32, isStated: Bool)? {
    if let stated { return (Int32(stated), true) }
    let rest = neighborRange(end).map { neighborAtoms[$0] }.filter { $0 != Int32(other) }
    return rest.count == 1 ? (rest[0], false) : nil
  }
}
