extension CIPDigraph {
  /// Edges in their order, highest first.
  private struct Ranking {
    var edges: [Int32]
    /// Whether each ties with the one before.
    var isTied: [Bool]
    /// How many pairs Rule 5 decided that come out the other way in the mirror image.
    var mirroredCount = 0

    var isUnique: Bool { !isTied.contains(true) }
    /// An odd permutation by the mirror undoes the mirror: the descriptor stays the same.
    var isPseudoAsymmetric: Bool { mirroredCount % 2 == 1 }
    var groupCount: Int { isTied.count { !$0 } }
  }

  /// What an element is, seen from a node of its (first) atom.
  mutating func descriptor(of element: StereoElement, at node: Int32, rules: Int) -> CIPDescriptor {
    element.isDoubleBond
      ? bondDescriptor(element, at: node, rules: rules)
      : centreDescriptor(element, at: node, rules: rules)
  }

  // MARK: Centres

  private mutating func centreDescriptor(
    _ element: StereoElement, at node: Int32, rules: Int
  ) -> CIPDescriptor {
    moveRoot(to: node)
    let edges = outEdges(node)
    guard edges.count >= 3 else { return .none }
    var ranking = rank(edges, rules: rules)
    if !ranking.isUnique {
      guard edges.count == 4, rules == CIPRule.count, !isExhausted else { return .undecided }
      ranking = rankByChosenAtom(ranking)
      guard ranking.isUnique else { return .undecided }
    }
    guard let isEven = isEven(ranking.edges, element.places) else { return .undecided }
    // `@` with an even order: anticlockwise from the highest, so seen with the lowest behind.
    switch (isEven == element.isPositive, ranking.isPseudoAsymmetric) {
    case (true, false): return .sinister
    case (true, true): return .pseudoSinister
    case (false, false): return .rectus
    case (false, true): return .pseudoRectus
    }
  }

  /// Rule 6: of substituents that still tie, one is chosen to rank first.
  private mutating func rankByChosenAtom(_ ranking: Ranking) -> Ranking {
    var ranking = ranking
    switch ranking.groupCount {
    case 2:
      choose(nodes[Int(end(ranking.edges[1]))].atom)
      ranking = rank(ranking.edges, rules: CIPRule.count)
    case 1:
      // All four alike: chiral only if every choice comes out the same.
      choose(nodes[Int(end(ranking.edges[0]))].atom)
      let first = rank(ranking.edges, rules: CIPRule.count)
      choose(nodes[Int(end(first.edges[1]))].atom)
      ranking = rank(first.edges, rules: CIPRule.count)
      if Self.isOdd(first.edges, ranking.edges) { ranking.isTied[1] = true }
    default: break
    }
    choose(-1)
    return ranking
  }

  /// Whether ranked substituents are an even permutation of the places round a centre.
  ///
  /// Hydrogens outside the graph, then the lone pair rank last, as RDKit has it, behind even a
  /// wildcard.
  private func isEven(_ edges: [Int32], _ places: [Int32]) -> Bool? {
    var order: [Int] = []
    for edge in edges {
      let node = nodes[Int(end(edge))]
      if node.kind == .bondDuplicate || node.kind == .hydrogen { continue }
      guard let place = places.firstIndex(of: node.atom) else { return nil }
      order.append(place)
    }
    for place in places.indices where places[place] == StereoElement.hydrogen {
      order.append(place)
    }
    guard order.count == 4, Set(order).count == 4 else { return nil }
    return !Self.isOdd(order, [0, 1, 2, 3])
  }

  private static func isOdd<Value: Equatable>(_ order: [Value], _ other: [Value]) -> Bool {
    let places = order.map { other.firstIndex(of: $0) ?? 0 }
    var inversions = 0
    for high in places.indices {
      for low in 0..<high where places[low] > places[high] { inversions += 1 }
    }
    return inversions % 2 == 1
  }

  // MARK: Double bonds

  private mutating func bondDescriptor(
    _ element: StereoElement, at node: Int32, rules: Int
  ) -> CIPDescriptor {
    let isFirst = nodes[Int(node)].atom == element.first
    let (own, partner) = isFirst ? (element.first, element.second) : (element.second, element.first)
    guard nodes[Int(node)].atom == own else { return .undecided }
    expand(node)
    guard let far = farEnd(of: node, partner) else { return .undecided }
    let (ownMark, farMark) = isFirst ? (0, 2) : (2, 0)
    guard let near = bondEnd(node, partner, mark: element.places[ownMark], rules: rules),
      let distant = bondEnd(far, own, mark: element.places[farMark], rules: rules)
    else { return .undecided }
    let isCis = element.isPositive == (near.isMarkFirst == distant.isMarkFirst)
    switch (isCis, near.isPseudoAsymmetric != distant.isPseudoAsymmetric) {
    case (true, false): return .zusammen
    case (true, true): return .sequenceCis
    case (false, false): return .entgegen
    case (false, true): return .sequenceTrans
    }
  }

  /// The node of the bond's other atom next to a node, if the path goes on or comes from there.
  private func farEnd(of index: Int32, _ partner: Int32) -> Int32? {
    let node = nodes[Int(index)]
    if node.parent >= 0, nodes[Int(node.parent)].atom == partner { return node.parent }
    for slot in node.firstSlot..<node.firstSlot + node.slotCount {
      let child = slots[Int(slot)]
      if child != index, nodes[Int(child)].kind == .atom, nodes[Int(child)].atom == partner {
        return child
      }
    }
    return nil
  }

  /// Ranks one end of a double bond, nil when its substituents tie.
  private mutating func bondEnd(
    _ node: Int32, _ partner: Int32, mark: Int32, rules: Int
  ) -> (isMarkFirst: Bool, isPseudoAsymmetric: Bool)? {
    expand(node)
    moveRoot(to: node)
    let edges = outEdges(node).filter { nodes[Int(end($0))].atom != partner }
    let ranking = rank(edges, rules: rules)
    guard ranking.isUnique, !isExhausted else { return nil }
    let isSecond = edges.count > 1 && nodes[Int(end(ranking.edges[1]))].atom == mark
    return (!isSecond, ranking.isPseudoAsymmetric)
  }

  // MARK: Ranking

  /// Ranks edges that lead away from the root: rule after rule, each among those that still tie.
  private mutating func rank(_ edges: [Int32], rules: Int) -> Ranking {
    var ranking = Ranking(edges: edges, isTied: edges.indices.map { $0 > 0 })
    for rule in CIPRule.allCases.prefix(rules) where !ranking.isUnique && !isExhausted {
      var start = 0
      while start < edges.count {
        var next = start + 1
        while next < edges.count, ranking.isTied[next] {
          insert(next, from: start, by: rule, &ranking)
          next += 1
        }
        if rule == .hand { countMirrored(start..<next, &ranking) }
        start = next
      }
    }
    return ranking
  }

  private mutating func countMirrored(_ run: Range<Int>, _ ranking: inout Ranking) {
    for low in run {
      for high in run.lowerBound..<low
      where abs(compareRootBranches(.hand, ranking.edges[high], ranking.edges[low])) > 1 {
        ranking.mirroredCount += 1
      }
    }
  }

  /// Moves one edge up to its place among those from `start` on, which are ranked.
  private mutating func insert(
    _ index: Int, from start: Int, by rule: CIPRule, _ ranking: inout Ranking
  ) {
    let edge = ranking.edges[index]
    var place = index
    var isTied = false
    while place > start {
      let result = compareRootBranches(rule, ranking.edges[place - 1], edge)
      if result >= 0 {
        isTied = result == 0
        break
      }
      ranking.edges[place] = ranking.edges[place - 1]
      ranking.isTied[place] = place - 1 > start && ranking.isTied[place - 1]
      place -= 1
    }
    if place < index { ranking.isTied[place + 1] = false }
    ranking.edges[place] = edge
    ranking.isTied[place] = isTied
  }
}
