extension ConnectionTable {
  /// How the substituents of one double bond lie, by indices of the table.
  struct DoubleBondArrangement {
    var bond: Int32
    var beginNeighbor: Int32
    var endNeighbor: Int32
    var isCis: Bool
  }

  /// The arrangement at every double bond whose coordinates show one; rings are not looked at yet.
  func doubleBondArrangements(in graph: MolecularGraph) -> [DoubleBondArrangement] {
    var found: [DoubleBondArrangement] = []
    for (index, bond) in bonds.enumerated() where bond.type == .double && bond.mark != .either {
      guard let begin = substituents(of: bond.begin, except: index, graph),
        let end = substituents(of: bond.end, except: index, graph)
      else { continue }
      let (left, right) = (position(bond.begin), position(bond.end))
      let axis = right - left
      guard let first = begin.first(where: { !isLinear(position($0) - left, axis) }),
        let second = end.first(where: { !isLinear(position($0) - right, left - right) })
      else { continue }
      let one = (position(first) - left).cross(axis)
      let other = (position(second) - right).cross(axis)
      guard one.squaredLength > 0, other.squaredLength > 0 else { continue }
      found.append(
        DoubleBondArrangement(
          bond: Int32(index), beginNeighbor: first, endNeighbor: second,
          isCis: one.dot(other) > 0))
    }
    return found
  }

  private func position(_ atom: Int32) -> AtomPosition { atoms[Int(atom)].position }

  /// The one or two neighbours at one end; nil where there are none, more, or a wavy bond.
  private func substituents(of atom: Int32, except double: Int, _ graph: MolecularGraph)
    -> [Int32]?
  {
    guard graph.degree(Int(atom)) <= 3 else { return nil }
    var found: [Int32] = []
    for slot in graph.neighborRange(Int(atom)) {
      let index = Int(graph.neighborBonds[slot])
      if index == double { continue }
      let bond = bonds[index]
      if bond.mark == .either { return nil }
      guard bond.type == .single || bond.type == .aromatic else { continue }
      found.append(graph.neighborAtoms[slot])
    }
    return (1...2).contains(found.count) ? found : nil
  }

  /// Within 2° of a straight line.
  private func isLinear(_ arm: AtomPosition, _ axis: AtomPosition) -> Bool {
    let scale = (arm.squaredLength * axis.squaredLength).squareRoot()
    return scale == 0 || arm.dot(axis) / scale < -0.99939
  }

  /// Marks the bonds to hydrogens that alone carry an arrangement, so that they stay atoms.
  func keepHydrogens(of ends: [DoubleBondArrangement], in graph: inout MolecularGraph) {
    for end in ends {
      for (atom, neighbor) in [
        (bonds[Int(end.bond)].begin, end.beginNeighbor),
        (bonds[Int(end.bond)].end, end.endNeighbor),
      ] where graph.degree(Int(atom)) == 2 && atoms[Int(neighbor)].element == .hydrogen {
        for slot in graph.neighborRange(Int(atom)) where graph.neighborAtoms[slot] == neighbor {
          graph.bonds[Int(graph.neighborBonds[slot])].direction = .up
        }
      }
    }
  }

  /// Gives the arrangements to the double bonds that may have one, in the finished graph.
  func setStereoBonds(
    _ ends: [DoubleBondArrangement], of graph: inout MolecularGraph, tableAtoms: [Int32]
  ) {
    for index in graph.bonds.indices { graph.bonds[index].direction = .none }
    var smallest = [Int](repeating: .max, count: graph.bonds.count)
    for ring in 0..<graph.rings.count {
      for bond in graph.rings.bonds(ring) {
        smallest[Int(bond)] = min(smallest[Int(bond)], graph.rings.size(ring))
      }
    }
    var graphAtom = [Int32](repeating: -1, count: atoms.count)
    for (index, atom) in tableAtoms.enumerated() { graphAtom[Int(atom)] = Int32(index) }
    var graphBond = [Int32](repeating: -1, count: bonds.count)
    for (index, bond) in graph.bonds.enumerated() { graphBond[Int(bond.offset)] = Int32(index) }
    graph.stereoBonds = []
    for end in ends {
      let index = graphBond[Int(end.bond)]
      guard index >= 0, smallest[Int(index)] >= 8 else { continue }
      let bond = graph.bonds[Int(index)]
      guard bond.order == .double, !bond.isAromatic else { continue }
      var isCis = end.isCis
      let (begin, other) = (graph.atoms[Int(bond.begin)].offset, bond.end)
      let isTurned = begin != bonds[Int(end.bond)].begin
      let places =
        isTurned
        ? (end.endNeighbor, end.beginNeighbor) : (end.beginNeighbor, end.endNeighbor)
      guard
        let first = kept(graphAtom[Int(places.0)], at: bond.begin, than: other, graph, &isCis),
        let second = kept(graphAtom[Int(places.1)], at: other, than: bond.begin, graph, &isCis)
      else { continue }
      graph.stereoBonds.append(
        StereoBond(bond: index, beginNeighbor: first, endNeighbor: second, isCis: isCis))
    }
  }

  /// The neighbour itself, or the one across from it when it became a hydrogen count.
  private func kept(
    _ neighbor: Int32, at atom: Int32, than partner: Int32, _ graph: MolecularGraph,
    _ isCis: inout Bool
  ) -> Int32? {
    if neighbor >= 0 { return neighbor }
    for slot in graph.neighborRange(Int(atom)) where graph.neighborAtoms[slot] != partner {
      isCis.toggle()
      return graph.neighborAtoms[slot]
    }
    return nil
  }
}
