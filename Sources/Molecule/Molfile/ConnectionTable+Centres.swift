extension ConnectionTable {
  /// Marks the tetrahedral centres that the wedges of a flat drawing, or the coordinates of a
  /// spatial one, give a handedness.
  func markCentres(of graph: inout MolecularGraph) {
    if isSpatial {
      for centre in atoms.indices { markSpatial(centre, of: &graph) }
      return
    }
    if atoms.allSatisfy({ $0.position == AtomPosition(x: 0, y: 0) }) {
      for centre in atoms.indices where atoms[centre].parity == 1 || atoms[centre].parity == 2 {
        markParity(centre, of: &graph)
      }
      return
    }
    var isUnknown: [Int32: Bool] = [:]
    for bond in bonds where bond.mark == .either && bond.type != .double {
      isUnknown[bond.begin] = true
    }
    for (index, bond) in bonds.enumerated() where bond.mark == .up || bond.mark == .down {
      let centre = Int(bond.begin)
      guard graph.atoms[centre].chirality.shape == .none, isUnknown[bond.begin] == nil else {
        continue
      }
      if let isAnticlockwise = drawnTurn(centre, wedge: index, graph) {
        mark(centre, isAnticlockwise: isAnticlockwise, of: &graph)
      }
    }
  }

  /// Reads the parity of an atom: with the highest neighbour behind, 1 where the others run
  /// clockwise in ascending order.
  private func markParity(_ centre: Int, of graph: inout MolecularGraph) {
    let order = graph.neighborRange(centre).map { graph.neighborAtoms[$0] }
    guard order.count == 3 || order.count == 4,
      let isOdd = DrawnCentre.isOdd(from: order, to: order.sorted())
    else { return }
    mark(centre, isAnticlockwise: (atoms[centre].parity == 2) != isOdd, of: &graph)
  }

  /// Translates a turn in neighbour order, the missing neighbour last, into the graph's mark,
  /// where a hydrogen stands first.
  private func mark(_ centre: Int, isAnticlockwise: Bool, of graph: inout MolecularGraph) {
    let hydrogens = graph.atoms[centre].hydrogens
    let neighbors = graph.neighborRange(centre)
    guard neighbors.count + hydrogens <= 4, hydrogens <= 1 else { return }
    let hasHydrogen = neighbors.count == 3 && hydrogens == 1
    graph.atoms[centre].chirality = Chirality(
      shape: .tetrahedral, arrangement: isAnticlockwise != hasHydrogen ? 1 : 2)
  }

  private func drawnTurn(_ centre: Int, wedge: Int, _ graph: MolecularGraph) -> Bool? {
    let range = graph.neighborRange(centre)
    guard range.count == 3 || range.count == 4 else { return nil }
    let element = graph.atoms[centre].element.number
    var offsets: [AtomPosition] = []
    var lifts: [Double] = []
    var reference = 0
    for slot in range {
      let index = Int(graph.neighborBonds[slot])
      let bond = bonds[index]
      guard bond.type == .single || element == 15 || element == 16 else { return nil }
      if index == wedge { reference = offsets.count }
      let isOwn = Int(bond.begin) == centre
      lifts.append(isOwn && bond.mark == .up ? 1 : isOwn && bond.mark == .down ? -1 : 0)
      offsets.append(atoms[Int(graph.neighborAtoms[slot])].position - atoms[centre].position)
    }
    return WedgedCentre(offsets: offsets, lifts: lifts, reference: reference)?.isAnticlockwise()
  }

  /// Smallest volume, in cubed units of the coordinates, that counts as a handedness.
  private static let smallestVolume = 0.1

  private func markSpatial(_ centre: Int, of graph: inout MolecularGraph) {
    let range = graph.neighborRange(centre)
    let hydrogens = graph.atoms[centre].hydrogens
    guard range.count >= 3, range.count + hydrogens <= 4 else { return }
    let element = graph.atoms[centre].element.number
    guard element == 16 || element == 34 || range.count + hydrogens == 4 else { return }
    var arms: [AtomPosition] = []
    for slot in range {
      let bond = bonds[Int(graph.neighborBonds[slot])]
      if bond.mark == .either, bond.type == .single, Int(bond.begin) == centre { return }
      arms.append(atoms[Int(graph.neighborAtoms[slot])].position - atoms[centre].position)
    }
    var volume = AtomPosition.volume(arms[0], arms[1], arms[2])
    if abs(volume) <= Self.smallestVolume, arms.count == 4 {
      // The fourth neighbour lies opposite to the third.
      volume = -AtomPosition.volume(arms[0], arms[1], arms[3])
    }
    guard abs(volume) > Self.smallestVolume else { return }
    mark(centre, isAnticlockwise: volume > 0, of: &graph)
  }
}
