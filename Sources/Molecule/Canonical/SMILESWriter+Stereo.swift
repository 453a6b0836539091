extension SMILESWriter {
  /// Enters the index of the mark that each atom carries in brackets.
  static func listCenters(
    of elements: [StereoElement], in graph: MolecularGraph, _ centers: borrowing FixedArray<Int32>
  ) {
    for index in 0..<elements.count where !elements[index].isDoubleBond {
      let element = elements[index]
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
  }

  /// Writes `@`, `@@` or the class and number of a coordination centre.
  mutating func writeMark(_ element: StereoElement, at atom: Int, _ graph: MolecularGraph) {
    switch element.kind {
    case .tetrahedron: writeTurn(isTetrahedronPositive(element, at: atom, graph))
    case .axis: writeTurn(isAxisPositive(element, center: atom, graph))
    case .coordination(let shape):
      guard let group = CoordinationGroup.group(of: shape) else { return }
      let written = writtenNeighbors(atom, graph)
      let places = element.places
      for number in 1...shape.arrangementCount {
        let chirality = Chirality(shape: shape, arrangement: UInt8(number))
        let layout = CoordinationGroup.layout(of: chirality).map { written[$0] }
        if group.rotations.contains(where: { $0.map { layout[$0] } == places }) {
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

  /// Neighbours in the order the text names them.
  ///
  /// The atom before, the hydrogen, ring numbers, branches; places without an atom at the end. Of
  /// more than six the rest is left out.
  private func writtenNeighbors(_ atom: Int, _ graph: MolecularGraph) -> InlineArray<6, Int32> {
    var written = InlineArray<6, Int32>(repeating: StereoElement.hydrogen)
    var count = 0
    func add(_ neighbor: Int32) {
      if count < 6 { written[count] = neighbor }
      count += 1
    }
    if tree.parent[atom] >= 0 { add(tree.parent[atom]) }
    if graph.atoms[atom].hydrogens > 0 { add(StereoElement.hydrogen) }
    var ring = tree.closing(at: atom)
    while ring >= 0 {
      add(ringNeighbor(ring, of: atom, graph))
      ring = tree.closing(after: ring)
    }
    ring = tree.opening(at: atom)
    while ring >= 0 {
      add(ringNeighbor(ring, of: atom, graph))
      ring = tree.opening(after: ring)
    }
    for place in Int(tree.childStart[atom])..<Int(tree.childStart[atom + 1]) {
      add(tree.children[place])
    }
    return written
  }

  private func ringNeighbor(_ ring: Int, of atom: Int, _ graph: MolecularGraph) -> Int32 {
    graph.bonds[Int(tree.ringBonds[ring])].other(than: Int32(truncatingIfNeeded: atom))
  }

  private func isTetrahedronPositive(
    _ element: StereoElement, at atom: Int, _ graph: MolecularGraph
  ) -> Bool {
    let written = writtenNeighbors(atom, graph)
    var isPositive = element.isPositive
    var places = element.sites
    for place in 0..<3 where places[place] != written[place] {
      var other = place + 1
      while other < 4, places[other] != written[place] { other += 1 }
      guard other < 4 else { continue }
      places.swapAt(place, other)
      isPositive.toggle()
    }
    // The reader turns a lone pair about one ring number; see `MolecularGraph.resolveShapes`.
    if graph.atoms[atom].hydrogens == 0, graph.degree(atom) == 3, hasOneRingNumber(atom),
      graph.neighborRange(atom).allSatisfy({
        graph.bonds[Int(graph.neighborBonds[$0])].order == .single
      })
    {
      isPositive.toggle()
    }
    return isPositive
  }

  private func hasOneRingNumber(_ atom: Int) -> Bool {
    let (closing, opening) = (tree.closing(at: atom), tree.opening(at: atom))
    guard (closing < 0) != (opening < 0) else { return false }
    return closing < 0 ? tree.opening(after: opening) < 0 : tree.closing(after: closing) < 0
  }

  /// An allene: the order of the two neighbours at each end decides.
  private func isAxisPositive(
    _ element: StereoElement, center: Int, _ graph: MolecularGraph
  ) -> Bool {
    var isPositive = element.isPositive
    for (end, low) in [(element.first, 0), (element.second, 2)] {
      let written = writtenNeighbors(Int(end), graph)
      let isFirst = written[0] == Int32(truncatingIfNeeded: center)
      if written[isFirst ? 1 : 0] != element.sites[low] { isPositive.toggle() }
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
