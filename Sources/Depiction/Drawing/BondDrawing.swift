import Molecule

/// Draws bonds between places, from label to label.
struct BondDrawing {
  let graph: MolecularGraph
  /// In bond lengths; [A].
  let places: [Vector]
  /// The label of each atom that has one; [A].
  let labels: [AtomLabel?]
  private let wedges: [Int32: BondWedge]
  /// The ring in whose inside the second line of each bond lies, or -1; [B].
  private let innerRing: [Int]

  /// Between the lines of a double bond.
  private static let spacing = 0.17
  private static let wedgeWidth = 0.2

  init(graph: MolecularGraph, places: [Vector], labels: [AtomLabel?], wedges: [BondWedge]) {
    self.graph = graph
    self.places = places
    self.labels = labels
    self.wedges = Dictionary(uniqueKeysWithValues: wedges.map { ($0.bond, $0) })
    innerRing = Self.innerRings(graph)
  }

  /// The smallest ring of each bond, the one with more double bonds of two equal ones.
  private static func innerRings(_ graph: MolecularGraph) -> [Int] {
    var inner = [Int](repeating: -1, count: graph.bonds.count)
    func rank(_ ring: Int) -> Int {
      let doubles = graph.rings.bonds(ring).count { graph.bonds[Int($0)].order == .double }
      return graph.rings.size(ring) * 64 - min(doubles, 63)
    }
    for ring in 0..<graph.rings.count {
      let own = rank(ring)
      for bond in graph.rings.bonds(ring) {
        let best = inner[Int(bond)]
        if best < 0 || own < rank(best) { inner[Int(bond)] = ring }
      }
    }
    return inner
  }

  /// Adds the strokes of every bond.
  func draw(into scene: inout DepictionScene) {
    for index in graph.bonds.indices { draw(index, into: &scene) }
  }

  private func draw(_ index: Int, into scene: inout DepictionScene) {
    let bond = graph.bonds[index]
    if let wedge = wedges[Int32(index)] {
      drawWedge(wedge, into: &scene)
      return
    }
    switch bond.order {
    case .single: stroke(bond, shift: 0, into: &scene)
    case .double: drawDouble(index, into: &scene)
    case .triple:
      for shift in [-1.0, 0, 1] { stroke(bond, shift: shift * 0.85 * Self.spacing, into: &scene) }
    case .quadruple:
      for shift in [-1.5, -0.5, 0.5, 1.5] {
        stroke(bond, shift: shift * 0.7 * Self.spacing, into: &scene)
      }
    case .dative: drawArrow(bond, into: &scene)
    }
  }

  /// The visible part of a bond's axis.
  private func axis(_ bond: Bond) -> (begin: Vector, end: Vector) {
    (
      visibleEnd(of: Int(bond.begin), towards: Int(bond.end)),
      visibleEnd(of: Int(bond.end), towards: Int(bond.begin))
    )
  }

  /// Where a bond from one atom to another leaves the letters of the first; never past the middle.
  private func visibleEnd(of atom: Int, towards other: Int) -> Vector {
    let offset = places[other] - places[atom]
    let gap = labels[atom]?.clearance(offset.direction) ?? 0
    return places[atom] + offset.direction * min(gap, 0.45 * offset.length)
  }

  private func stroke(_ bond: Bond, shift: Double, into scene: inout DepictionScene) {
    let (begin, end) = axis(bond)
    let side = (places[Int(bond.end)] - places[Int(bond.begin)]).direction.perpendicular * shift
    scene.strokes.append(.init(begin: begin + side, end: end + side))
  }

  private func drawDouble(_ index: Int, into scene: inout DepictionScene) {
    let bond = graph.bonds[index]
    let side = innerSide(index)
    guard side != 0 else {
      stroke(bond, shift: Self.spacing / 2, into: &scene)
      stroke(bond, shift: -Self.spacing / 2, into: &scene)
      return
    }
    stroke(bond, shift: 0, into: &scene)
    let along = (places[Int(bond.end)] - places[Int(bond.begin)]).direction
    let across = along.perpendicular * (side * Self.spacing)
    var (begin, end) = axis(bond)
    // The inner line ends before the neighbours on its side.
    if labels[Int(bond.begin)] == nil, hasNeighbor(bond.begin, bond.end, across) {
      begin = begin + along * 0.12
    }
    if labels[Int(bond.end)] == nil, hasNeighbor(bond.end, bond.begin, across) {
      end = end - along * 0.12
    }
    scene.strokes.append(.init(begin: begin + across, end: end + across))
  }

  /// On which side the second line runs, 1 or -1 across the bond; 0 for two lines about the axis.
  private func innerSide(_ index: Int) -> Double {
    let bond = graph.bonds[index]
    let (begin, end) = (Int(bond.begin), Int(bond.end))
    let across = (places[end] - places[begin]).perpendicular
    if innerRing[index] >= 0 {
      let atoms = graph.rings.atoms(innerRing[index])
      let centre =
        atoms.reduce(Vector.zero) { $0 + places[Int($1)] } * (1 / Double(atoms.count))
      return (centre - places[begin]).dot(across) >= 0 ? 1 : -1
    }
    let (left, right) = (graph.degree(begin), graph.degree(end))
    if min(left, right) == 1, max(left, right) != 2 { return 0 }
    if isCumulated(begin) || isCumulated(end) { return 0 }
    let balance = sideBalance(begin, end, across) + sideBalance(end, begin, across)
    return balance >= 0 ? 1 : -1
  }

  private func isCumulated(_ atom: Int) -> Bool {
    graph.neighborRange(atom).count {
      graph.bonds[Int(graph.neighborBonds[$0])].order == .double
    } > 1
  }

  /// Neighbours on the positive side less those on the other.
  private func sideBalance(_ atom: Int, _ partner: Int, _ across: Vector) -> Int {
    graph.neighborRange(atom).reduce(0) { sum, slot in
      let neighbor = Int(graph.neighborAtoms[slot])
      guard neighbor != partner else { return sum }
      return sum + ((places[neighbor] - places[atom]).dot(across) > 0 ? 1 : -1)
    }
  }

  private func hasNeighbor(_ atom: Int32, _ partner: Int32, _ across: Vector) -> Bool {
    graph.neighborRange(Int(atom)).contains { slot in
      let neighbor = graph.neighborAtoms[slot]
      return neighbor != partner
        && (places[Int(neighbor)] - places[Int(atom)]).dot(across) > 0.02
    }
  }

  private func drawWedge(_ wedge: BondWedge, into scene: inout DepictionScene) {
    let bond = graph.bonds[Int(wedge.bond)]
    let far = Int(bond.other(than: wedge.centre))
    let tip = visibleEnd(of: Int(wedge.centre), towards: far)
    let base = visibleEnd(of: far, towards: Int(wedge.centre))
    let across = (base - tip).direction.perpendicular
    let half = Self.wedgeWidth / 2
    if wedge.isSolid {
      scene.polygons.append([tip, base + across * half, base - across * half])
      return
    }
    let count = max(3, Int(((base - tip).length / 0.125).rounded()))
    for line in 1...count {
      let share = Double(line) / Double(count)
      let middle = tip + (base - tip) * share
      let reach = across * (half * max(share, 0.12))
      scene.strokes.append(.init(begin: middle - reach, end: middle + reach))
    }
  }

  private func drawArrow(_ bond: Bond, into scene: inout DepictionScene) {
    let (begin, end) = axis(bond)
    let along = (end - begin).direction
    let neck = end - along * 0.24
    scene.strokes.append(.init(begin: begin, end: neck))
    let across = along.perpendicular * 0.11
    scene.polygons.append([end, neck + across, neck - across])
  }
}
