extension SMILESWriter {
  /// Index of the mark that each atom carries in brackets, or -1.
  static func centers(of elements: [StereoElement], in graph: MolecularGraph) -> [Int32] {
    var centers = [Int32](repeating: -1, count: graph.atoms.count)
    for (index, element) in elements.enumerated() where !element.isDoubleBond {
      var center = Int(element.first)
      if case .axis = element.kind {
        let ends = [element.first, element.second]
        guard
          let middle = graph.neighborRange(center).lazy.map({ Int(graph.neighborAtoms[$0]) }).first(
            where: { atom in
              graph.degree(atom) == 2
                && graph.neighborRange(atom).allSatisfy { ends.contains(graph.neighborAtoms[$0]) }
            })
        else { continue }
        center = middle
      }
      centers[center] = Int32(truncatingIfNeeded: index)
    }
    return centers
  }

  /// Writes `@`, `@@` or the class and number of a coordination centre.
  mutating func writeMark(_ element: StereoElement, at atom: Int, _ graph: MolecularGraph) {
    switch element.kind {
    case .tetrahedron: writeTurn(isTetrahedronPositive(element, at: atom, graph))
    case .axis: writeTurn(isAxisPositive(element, center: atom, graph))
    case .coordination(let group):
      let shape = graph.atoms[atom].chirality.shape
      let written = writtenNeighbors(atom, count: group.places, graph)
      for number in 1...shape.arrangementCount {
        let chirality = Chirality(shape: shape, arrangement: UInt8(number))
        let layout = CoordinationGroup.layout(of: chirality).map { written[$0] }
        if group.rotations.contains(where: { $0.map { layout[$0] } == element.places }) {
          text.append(contentsOf: shape.symbol)
          write(number)
          return
        }
      }
    }
  }

  private mutating func writeTurn(_ isPositive: Bool) {
    text.append(UInt8(ascii: "@"))
    if !isPositive { text.append(UInt8(ascii: "@")) }
  }

  /// Neighbours in the order the text names them: the atom before, the hydrogen, ring numbers,
  /// branches; places without an atom at the end.
  private func writtenNeighbors(
    _ atom: Int, count: Int, _ graph: MolecularGraph
  ) -> [Int32] {
    var written: [Int32] = []
    written.reserveCapacity(count)
    if tree.parent[atom] >= 0 { written.append(tree.parent[atom]) }
    if graph.atoms[atom].hydrogens > 0 { written.append(StereoElement.hydrogen) }
    for entry in tree.closingRange(atom) {
      written.append(ringNeighbor(tree.closings[entry], of: atom, graph))
    }
    for entry in tree.openingRange(atom) {
      written.append(ringNeighbor(tree.openings[entry], of: atom, graph))
    }
    for place in Int(tree.childStart[atom])..<Int(tree.childStart[atom + 1]) {
      written.append(tree.children[place])
    }
    while written.count < count { written.append(StereoElement.hydrogen) }
    return written
  }

  private func ringNeighbor(_ ring: Int32, of atom: Int, _ graph: MolecularGraph) -> Int32 {
    graph.bonds[Int(tree.ringBonds[Int(ring)])].other(than: Int32(truncatingIfNeeded: atom))
  }

  private func isTetrahedronPositive(
    _ element: StereoElement, at atom: Int, _ graph: MolecularGraph
  ) -> Bool {
    let written = writtenNeighbors(atom, count: 4, graph)
    var isPositive = element.isPositive
    var places = element.places
    for place in 0..<4 where places[place] != written[place] {
      guard let other = places[place...].firstIndex(of: written[place]) else { continue }
      places.swapAt(place, other)
      isPositive.toggle()
    }
    // The reader turns a lone pair about one ring number; see `MolecularGraph.resolveShapes`.
    let ringNumbers = tree.closingRange(atom).count + tree.openingRange(atom).count
    if graph.atoms[atom].hydrogens == 0, graph.degree(atom) == 3, ringNumbers == 1,
      graph.neighborRange(atom).allSatisfy({
        graph.bonds[Int(graph.neighborBonds[$0])].order == .single
      })
    {
      isPositive.toggle()
    }
    return isPositive
  }

  /// An allene: the order of the two neighbours at each end decides.
  private func isAxisPositive(
    _ element: StereoElement, center: Int, _ graph: MolecularGraph
  ) -> Bool {
    var isPositive = element.isPositive
    for (end, low) in [(element.first, 0), (element.second, 2)] {
      let written = writtenNeighbors(Int(end), count: 3, graph)
        .filter { $0 != Int32(truncatingIfNeeded: center) }
      if written.first != element.places[low] { isPositive.toggle() }
    }
    return isPositive
  }
}

extension Chirality.Shape {
  /// Number of arrangements of the class.
  var arrangementCount: Int {
    switch self {
    case .none: 0
    case .tetrahedral, .allene: 2
    case .squarePlanar: 3
    case .trigonalBipyramidal: 20
    case .octahedral: 30
    }
  }

  /// The class as written before its number.
  var symbol: [UInt8] {
    switch self {
    case .none: []
    case .tetrahedral: Array("@TH".utf8)
    case .allene: Array("@AL".utf8)
    case .squarePlanar: Array("@SP".utf8)
    case .trigonalBipyramidal: Array("@TB".utf8)
    case .octahedral: Array("@OH".utf8)
    }
  }
}
