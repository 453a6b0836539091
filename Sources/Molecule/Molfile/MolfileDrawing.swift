/// What a molfile shows of a molecule beyond its graph: marks at bonds, parities, valences.
struct MolfileDrawing {
  let graph: MolecularGraph
  let positions: [AtomPosition]
  /// Whether the positions are spatial, so that centres need no wedges.
  let isSpatial: Bool
  /// How each bond is drawn, seen from ``wedgeStart``; [B].
  private(set) var marks: [ConnectionTable.Mark]
  /// The atom at the point of the wedge, or -1; [B].
  private(set) var wedgeStart: [Int32]
  /// Parity of each centre where nothing is drawn, 1 or 2, else 0; [A].
  private(set) var parities: [UInt8]
  /// Unpaired electrons of each atom; [A].
  let radicals: [Int]
  /// The valence field of each atom: nil where a reader finds the hydrogens itself; [A].
  let valences: [Int?]

  init(graph: MolecularGraph, positions: [AtomPosition]?) {
    self.graph = graph
    self.positions =
      positions ?? [AtomPosition](repeating: AtomPosition(x: 0, y: 0), count: graph.atoms.count)
    isSpatial = positions?.contains { $0.z != 0 } ?? false
    marks = [ConnectionTable.Mark](repeating: .none, count: graph.bonds.count)
    wedgeStart = [Int32](repeating: -1, count: graph.bonds.count)
    parities = [UInt8](repeating: 0, count: graph.atoms.count)
    radicals = graph.atoms.indices.map { graph.unpairedElectrons($0) }
    valences = graph.atoms.indices.map { [radicals] in graph.statedValence($0, radicals[$0]) }
    let centres = graph.stereoElements().compactMap { DrawnCentre($0, in: graph) }
    if positions == nil {
      for centre in centres { parities[Int(centre.atom)] = centre.parity(in: graph) }
    } else {
      if !isSpatial { drawWedges(centres) }
      crossDoubleBonds()
    }
  }

  /// Wedges one bond of each centre, first at the centres with the fewest choices.
  private mutating func drawWedges(_ centres: [DrawnCentre]) {
    var isCentre = [Bool](repeating: false, count: graph.atoms.count)
    for centre in centres { isCentre[Int(centre.atom)] = true }
    let order = centres.indices.sorted {
      let (left, right) = (freedom(centres[$0], isCentre), freedom(centres[$1], isCentre))
      return left == right ? $0 < $1 : left < right
    }
    for index in order { drawWedge(centres[index], isCentre) }
  }

  /// Number of neighbours that are no centres themselves.
  private func freedom(_ centre: DrawnCentre, _ isCentre: [Bool]) -> Int {
    graph.neighborRange(Int(centre.atom)).count { !isCentre[Int(graph.neighborAtoms[$0])] }
  }

  /// Tries the bonds at the centre, those that look best first, until one shows the handedness.
  private mutating func drawWedge(_ centre: DrawnCentre, _ isCentre: [Bool]) {
    let range = graph.neighborRange(Int(centre.atom))
    let offsets = range.map {
      positions[Int(graph.neighborAtoms[$0])] - positions[Int(centre.atom)]
    }
    let places = range.indices.map { $0 }.sorted {
      let (left, right) = (cost($0, isCentre), cost($1, isCentre))
      return left == right ? $0 < $1 : left < right
    }
    for slot in places {
      let bond = Int(graph.neighborBonds[slot])
      guard graph.bonds[bond].order == .single, marks[bond] == .none else { continue }
      let place = slot - range.lowerBound
      for mark in [ConnectionTable.Mark.up, .down] {
        var lifts = [Double](repeating: 0, count: offsets.count)
        lifts[place] = mark == .up ? 1 : -1
        let drawn = WedgedCentre(offsets: offsets, lifts: lifts, reference: place)
        if drawn?.isAnticlockwise() == centre.isAnticlockwise {
          marks[bond] = mark
          wedgeStart[bond] = centre.atom
          return
        }
      }
    }
  }

  /// Lower for bonds to single atoms, out of rings, to atoms that are no centres.
  private func cost(_ slot: Int, _ isCentre: [Bool]) -> Int {
    let neighbor = Int(graph.neighborAtoms[slot])
    return (isCentre[neighbor] ? 8 : 0)
      + (graph.bonds[Int(graph.neighborBonds[slot])].isInRing ? 4 : 0)
      + min(graph.degree(neighbor), 3)
  }

  /// Crosses double bonds whose coordinates would state what the molecule does not.
  private mutating func crossDoubleBonds() {
    var table = ConnectionTable()
    table.atoms = graph.atoms.indices.map {
      ConnectionTable.Atom(
        element: graph.atoms[$0].element, position: positions[$0], line: 0)
    }
    table.bonds = graph.bonds.map {
      ConnectionTable.Bond(
        begin: $0.begin, end: $0.end,
        type: $0.order == .double && !$0.isAromatic ? .double : .single, line: 0)
    }
    let drawn = table.doubleBondArrangements(in: graph)
    guard !drawn.isEmpty else { return }
    var smallest = [Int](repeating: .max, count: graph.bonds.count)
    for ring in 0..<graph.rings.count {
      for bond in graph.rings.bonds(ring) {
        smallest[Int(bond)] = min(smallest[Int(bond)], graph.rings.size(ring))
      }
    }
    var stated: [Int32: StereoBond] = [:]
    for bond in graph.stereoBonds { stated[bond.bond] = bond }
    let colors = StereoColoring(graph: graph).colors
    for arrangement in drawn where smallest[Int(arrangement.bond)] >= 8 {
      if let known = stated[arrangement.bond] {
        let isTurned =
          (known.beginNeighbor == arrangement.beginNeighbor)
          != (known.endNeighbor == arrangement.endNeighbor)
        if (arrangement.isCis != isTurned) != known.isCis {
          marks[Int(arrangement.bond)] = .either
        }
      } else if hasTwoSides(arrangement.bond, colors) {
        marks[Int(arrangement.bond)] = .either
      }
    }
  }

  /// Whether each end has substituents that differ.
  private func hasTwoSides(_ bond: Int32, _ colors: [UInt64]) -> Bool {
    let (begin, end) = (graph.bonds[Int(bond)].begin, graph.bonds[Int(bond)].end)
    return [(begin, end), (end, begin)].allSatisfy { atom, partner in
      let own = graph.neighborRange(Int(atom)).map { graph.neighborAtoms[$0] }
        .filter { $0 != partner }
      return own.count == 1
        ? graph.atoms[Int(atom)].hydrogens < 2
        : colors[Int(own[0])] != colors[Int(own[1])]
    }
  }
}

/// A tetrahedral centre as a drawing states it.
struct DrawnCentre {
  let atom: Int32
  /// Whether the neighbours in graph order turn anticlockwise, a missing one taken as last.
  let isAnticlockwise: Bool

  init?(_ element: StereoElement, in graph: MolecularGraph) {
    guard case .tetrahedron = element.kind else { return nil }
    atom = element.first
    var order = graph.neighborRange(Int(atom)).map { graph.neighborAtoms[$0] }
    while order.count < element.places.count { order.append(StereoElement.hydrogen) }
    guard let isOdd = Self.isOdd(from: element.places, to: order) else { return nil }
    isAnticlockwise = element.isPositive != isOdd
  }

  /// The parity of the format: with the highest neighbour behind, 1 where the others run
  /// clockwise in ascending order; hydrogens outside the graph count as highest.
  func parity(in graph: MolecularGraph) -> UInt8 {
    let order = graph.neighborRange(Int(atom)).map { graph.neighborAtoms[$0] }
    let isOdd = Self.isOdd(from: order, to: order.sorted()) ?? false
    return isAnticlockwise != isOdd ? 2 : 1
  }

  /// Whether an odd permutation leads from one order to the other; nil when they differ in members.
  static func isOdd(from first: [Int32], to second: [Int32]) -> Bool? {
    guard first.count == second.count else { return nil }
    var order = first
    var isOdd = false
    for place in second.indices where order[place] != second[place] {
      guard let other = order[(place + 1)...].firstIndex(of: second[place]) else { return nil }
      order.swapAt(place, other)
      isOdd.toggle()
    }
    return isOdd
  }
}

extension MolecularGraph {
  /// Electrons of a bracket atom that take part in no bond and no pair, at most 2; counted in the
  /// Kekulé structure.
  public func unpairedElectrons(_ index: Int) -> Int {
    guard atoms[index].isBracket else { return 0 }
    return min(max(radicalElectrons(index, valence: kekuleValence(index)), 0), 2)
  }

  /// Bonds and hydrogens of an atom in the Kekulé structure.
  func kekuleValence(_ index: Int) -> Int {
    neighborRange(index).reduce(atoms[index].hydrogens) {
      $0 + bonds[Int(neighborBonds[$1])].valence(at: Int32(index))
    }
  }

  /// The valence to state where a reader would add another number of hydrogens; nil elsewhere.
  func statedValence(_ index: Int, _ radicals: Int) -> Int? {
    let atom = atoms[index]
    let valence = kekuleValence(index)
    let expected = HydrogenValence.hydrogens(
      element: atom.element, charge: Int(atom.charge), bonds: valence - atom.hydrogens,
      radicals: radicals)
    return expected == atom.hydrogens || atom.element == .wildcard && atom.hydrogens == 0
      ? nil : valence
  }
}
