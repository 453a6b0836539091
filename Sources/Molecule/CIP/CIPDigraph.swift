/// The hierarchical digraph of a centre: every path through the molecule from its atom outwards.
///
/// A node is one visit of an atom; the path to it holds no atom twice. Where a path meets one of
/// its own atoms again it ends in a ring duplicate, and each bond of order n adds n − 1 bond
/// duplicates at both ends, none of them between the centre and its neighbours (Hanson et al.
/// 2018, "hierarchical digraph"). Nodes are made when they are first looked at. An edge bears the
/// number of its node farther from the origin; it leads away from the current root, which
/// auxiliary descriptors and the second end of a double bond move.
struct CIPDigraph: ~Copyable {
  /// What a node stands for.
  enum Kind: UInt8, BitwiseCopyable {
    case atom, hydrogen, bondDuplicate, ringDuplicate
  }

  struct Node: BitwiseCopyable {
    /// The atom, of a duplicate the atom it repeats; -1 for a hydrogen outside the graph.
    var atom: Int32
    /// The node before it on the path; -1 at the origin.
    var parent: Int32
    /// Of an atom its place on the path, from 1; of a duplicate that of the atom it repeats.
    var distance: Int32
    /// Atomic number, of a bond duplicate in a mancude ring the mean.
    var number: Double
    /// Mass in u; 0 for a duplicate.
    var mass: Double = 0
    var hasIsotope = false
    var kind: Kind
    var descriptor = CIPDescriptor.none
    var isExpanded = false
    /// Whether its edge leads from it to its parent, towards the origin.
    var isTurned = false
    /// First of its edges in `slots`, its own edge before those of its children.
    var firstSlot: Int32 = 0
    var slotCount: Int32 = 0
  }

  /// Nodes of one digraph.
  static let nodeLimit = 100_000
  /// Orders within orders that one comparison may ask for.
  static let nestingLimit = 200

  let graph: MolecularGraph
  let mancude: MancudeNumbers
  let hasIsotopes: Bool
  /// Whether rings may lead through dative bonds, which perception does not count.
  private let hasDativeBonds: Bool
  var nodes = GrowingArray<Node>(capacity: 256)
  var slots = GrowingArray<Int32>(capacity: 256)
  var orders = CIPOrders()
  /// Pairs of edges still to be compared, of all comparisons under way.
  var queue = GrowingArray<Int32>(capacity: 256)
  private(set) var root: Int32 = 0
  /// The atom Rule 6 prefers, -1 for none.
  private(set) var chosenAtom: Int32 = -1
  /// Which descriptors the nodes hold: Z and E, R and S and the like, r and s.
  private(set) var hasGeometry = false
  private(set) var hasHands = false
  private(set) var hasPseudoAsymmetry = false
  /// Steps that are left.
  var work = 0
  var nesting = 0

  init(_ graph: MolecularGraph) {
    self.graph = graph
    mancude = MancudeNumbers(graph)
    hasIsotopes = graph.atoms.contains { $0.isotope != 0 }
    hasDativeBonds = graph.bonds.contains { $0.order == .dative }
  }

  /// Whether the work limit was reached; comparisons then mean nothing.
  var isExhausted: Bool { work < 0 }

  /// Begins the digraph of a centre or of a double bond's first atom.
  mutating func start(at atom: Int32, work: Int) {
    nodes.removeAll()
    slots.removeAll()
    orders.removeAll()
    queue.removeAll()
    root = 0
    chosenAtom = -1
    hasGeometry = false
    hasHands = false
    hasPseudoAsymmetry = false
    self.work = work
    nesting = 0
    add(node(of: atom, parent: -1, distance: 1))
  }

  // MARK: Edges

  /// The node an edge leads to.
  @inline(__always)
  func end(_ edge: Int32) -> Int32 {
    let node = nodes[Int(edge)]
    return node.isTurned ? node.parent : edge
  }

  /// How many edges lead away from a node that is expanded.
  @inline(__always)
  func outCount(_ index: Int32) -> Int {
    Int(nodes[Int(index)].slotCount) - (index == root ? 0 : 1)
  }

  /// Whether a node has nothing behind it (once all nodes are expanded).
  func isTerminal(_ index: Int32) -> Bool {
    let node = nodes[Int(index)]
    return node.kind != .atom || (node.isExpanded && node.slotCount == 1)
  }

  /// Whether an edge leads away from a node it belongs to.
  @inline(__always)
  func leads(_ edge: Int32, from index: Int32) -> Bool {
    (edge == index) == nodes[Int(edge)].isTurned
  }

  /// The edges that lead away from a node, in the order in which they were made.
  mutating func outEdges(_ index: Int32) -> [Int32] {
    expand(index)
    let node = nodes[Int(index)]
    return (node.firstSlot..<node.firstSlot + node.slotCount).map { slots[Int($0)] }
      .filter { leads($0, from: index) }
  }

  /// Turns edges so that all lead away from another node.
  mutating func moveRoot(to index: Int32) {
    guard index != root else { return }
    setPath(from: root, isTurned: false)
    root = index
    setPath(from: root, isTurned: true)
  }

  private mutating func setPath(from start: Int32, isTurned: Bool) {
    var index = start
    while index >= 0 {
      nodes[Int(index)].isTurned = isTurned
      orders.forget(index)
      index = nodes[Int(index)].parent
    }
    nodes[0].isTurned = false
  }

  mutating func choose(_ atom: Int32) {
    chosenAtom = atom
    orders.forgetStereo()
  }

  /// Sets auxiliary descriptors, which changes all orders that look at them.
  mutating func describe(_ found: [(node: Int32, descriptor: CIPDescriptor)]) {
    guard !found.isEmpty else { return }
    for (node, descriptor) in found {
      nodes[Int(node)].descriptor = descriptor
      if descriptor.geometry > 0 { hasGeometry = true }
      if descriptor.pseudoAsymmetry > 0 { hasPseudoAsymmetry = true }
      if descriptor.standing > 0 || descriptor == .undecided { hasHands = true }
    }
    orders.forgetStereo()
  }

  // MARK: Growth

  /// Makes the nodes behind a node.
  mutating func expand(_ index: Int32) {
    guard !nodes[Int(index)].isExpanded else { return }
    nodes[Int(index)].isExpanded = true
    let node = nodes[Int(index)]
    nodes[Int(index)].firstSlot = Int32(slots.count)
    defer { nodes[Int(index)].slotCount = Int32(slots.count) - nodes[Int(index)].firstSlot }
    if index > 0 { append(slot: index) }
    guard node.kind == .atom else { return }
    guard nodes.count < Self.nodeLimit else {
      work = -1
      return
    }
    let atom = graph.atoms[Int(node.atom)]
    let isSpread = atom.charge < 0 && mancude.mean(node.atom) != nil
    let before = node.parent < 0 ? -1 : nodes[Int(node.parent)].atom
    for slot in graph.neighborRange(Int(node.atom)) {
      let neighbor = graph.neighborAtoms[slot]
      let bond = graph.bonds[Int(graph.neighborBonds[slot])]
      var duplicates = MancudeNumbers.order(bond) - 1
      if neighbor == before {
        // Back along the path, where the centre has no duplicates.
        if node.parent == 0 { duplicates = 0 }
      } else {
        let mayReturn = bond.isInRing || hasDativeBonds
        let visit = mayReturn ? visit(of: neighbor, before: index) : -1
        if visit < 0 {
          append(self.node(of: neighbor, parent: index, distance: node.distance + 1))
          if index == 0 { duplicates = 0 } else if isSpread { duplicates = 1 }
        } else {
          var duplicate = self.node(of: neighbor, parent: index, distance: visit)
          duplicate.kind = .ringDuplicate
          append(duplicate)
          if isSpread { duplicates = 1 }
        }
      }
      while duplicates > 0 {
        var duplicate = self.node(of: neighbor, parent: index, distance: 0)
        duplicate.kind = .bondDuplicate
        if let mean = mancude.mean(node.atom) { duplicate.number = mean }
        append(duplicate)
        duplicates -= 1
      }
    }
    for _ in 0..<atom.hydrogens {
      append(
        Node(
          atom: -1, parent: index, distance: node.distance + 1, number: 1,
          mass: Element.hydrogen.averageMass, kind: .hydrogen))
    }
  }

  /// Where on the path to a node an atom lies, or -1 when the path does not visit it.
  private mutating func visit(of atom: Int32, before start: Int32) -> Int32 {
    var index = start
    while index >= 0 {
      let node = nodes[Int(index)]
      if node.atom == atom { return node.distance }
      index = node.parent
    }
    work -= Int(nodes[Int(start)].distance) / 8
    return -1
  }

  private func node(of atom: Int32, parent: Int32, distance: Int32) -> Node {
    let value = graph.atoms[Int(atom)]
    return Node(
      atom: atom, parent: parent, distance: distance, number: Double(value.element.number),
      mass: !hasIsotopes
        ? 0
        : value.isotope == 0
          ? value.element.averageMass : value.element.isotopeMass(Int(value.isotope)) ?? 0,
      hasIsotope: value.isotope != 0, kind: .atom)
  }

  private mutating func append(_ node: Node) {
    append(slot: Int32(nodes.count))
    add(node)
  }

  private mutating func add(_ node: Node) {
    work -= 1
    var node = node
    if node.kind == .bondDuplicate || node.kind == .ringDuplicate {
      node.mass = 0
      node.hasIsotope = false
    }
    nodes.append(node)
    orders.addNode()
  }

  private mutating func append(slot: Int32) {
    slots.append(slot)
    orders.addSlot()
  }
}
