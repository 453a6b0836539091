/// Labels the stated centres and double bonds of one molecule.
struct CIPLabeler: ~Copyable {
  private let elements: [StereoElement]
  /// The elements whose first atom is a given one.
  private var elementsByAtom: [Int32: [Int]] = [:]
  private var digraph: CIPDigraph

  /// Nil when nothing is stated.
  init?(_ graph: MolecularGraph) {
    let elements = graph.stereoElements().filter { element in
      if case .tetrahedron = element.kind { return true }
      return element.isDoubleBond
    }
    guard !elements.isEmpty else { return nil }
    self.elements = elements
    for (index, element) in elements.enumerated() {
      elementsByAtom[element.first, default: []].append(index)
    }
    digraph = CIPDigraph(graph)
  }

  /// All labels.
  mutating func labels() -> CIPLabels {
    var labels = CIPLabels()
    var total = MolecularGraph.cipTotalWorkLimit
    // Double bonds stand in the elements in the order of the graph's list.
    var stereoBonds = digraph.graph.stereoBonds.makeIterator()
    for (index, element) in elements.enumerated() {
      let bond = element.isDoubleBond ? stereoBonds.next()?.bond : nil
      let allowance = min(total, MolecularGraph.cipWorkLimit)
      digraph.start(at: element.first, work: allowance)
      let descriptor = descriptor(of: index)
      total -= allowance - max(digraph.work, 0)
      if digraph.isExhausted {
        labels.isLimitReached = true
        continue
      }
      guard let label = descriptor.label else { continue }
      if let bond {
        let count = digraph.graph.bonds.count
        if labels.bonds.isEmpty { labels.bonds = Array(repeating: nil, count: count) }
        labels.bonds[Int(bond)] = label
      } else {
        let count = digraph.graph.atoms.count
        if labels.atoms.isEmpty { labels.atoms = Array(repeating: nil, count: count) }
        labels.atoms[Int(element.first)] = label
      }
    }
    return labels
  }

  /// By the constitution alone if it tells all substituents apart, else with the auxiliary
  /// descriptors of all other elements.
  private mutating func descriptor(of index: Int) -> CIPDescriptor {
    let simple = digraph.descriptor(of: elements[index], at: 0, rules: CIPRule.constitutionalCount)
    if simple != .undecided || elements.count == 1 && elements[index].isDoubleBond { return simple }
    describeOthers(than: index)
    if digraph.isExhausted { return .undecided }
    return digraph.descriptor(of: elements[index], at: 0, rules: CIPRule.count)
  }

  /// Gives every node where another element lies its descriptor as seen from there, the farthest
  /// nodes first, since nearer ones depend on them.
  private mutating func describeOthers(than own: Int) {
    digraph.moveRoot(to: 0)
    var index: Int32 = 0
    var found: [(node: Int32, element: Int, distance: Int32)] = []
    while index < digraph.nodes.count, !digraph.isExhausted {
      digraph.expand(index)
      let node = digraph.nodes[Int(index)]
      if node.kind == .atom, let here = elementsByAtom[node.atom] {
        for element in here where element != own {
          var place = index
          if elements[element].isDoubleBond, node.parent >= 0,
            digraph.nodes[Int(node.parent)].atom == elements[element].second
          {
            place = node.parent
          }
          found.append((place, element, digraph.nodes[Int(place)].distance))
        }
      }
      index += 1
    }
    if digraph.isExhausted { return }
    digraph.orders.prepareStereo()
    found.sort { ($1.distance, $0.node) < ($0.distance, $1.node) }
    var pending: [(node: Int32, descriptor: CIPDescriptor)] = []
    var distance = Int32.max
    for (node, element, nodeDistance) in found {
      if nodeDistance < distance {
        digraph.describe(pending)
        pending.removeAll()
        distance = nodeDistance
      }
      if pending.last?.node == node { continue }
      pending.append(
        (node, digraph.descriptor(of: elements[element], at: node, rules: CIPRule.count)))
      if digraph.isExhausted { return }
    }
    digraph.describe(pending)
    digraph.moveRoot(to: 0)
  }
}
