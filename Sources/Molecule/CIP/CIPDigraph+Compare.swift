extension CIPDigraph {
  /// Compares two edges by what one rule says of the nodes they lead to: above 0 when the first
  /// ranks higher.
  @inline(__always)
  func compareEnds(_ rule: CIPRule, _ left: Int32, _ right: Int32) -> Int {
    let (a, b) = (nodes[Int(end(left))], nodes[Int(end(right))])
    switch rule {
    case .atomicNumber: return a.number == b.number ? 0 : a.number > b.number ? 1 : -1
    case .duplicateDistance:
      switch (a.kind == .ringDuplicate, b.kind == .ringDuplicate) {
      case (true, true): return (b.distance - a.distance).signum().asInt
      case (true, false): return 1
      case (false, true): return -1
      case (false, false): return 0
      }
    case .mass:
      guard a.hasIsotope || b.hasIsotope else { return 0 }
      return a.mass == b.mass ? 0 : a.mass > b.mass ? 1 : -1
    case .geometry: return a.descriptor.geometry - b.descriptor.geometry
    case .standing: return (a.descriptor.standing - b.descriptor.standing).signum()
    case .pseudoAsymmetry:
      return (a.descriptor.pseudoAsymmetry - b.descriptor.pseudoAsymmetry).signum()
    case .chosenAtom:
      guard chosenAtom >= 0, a.atom != b.atom else { return 0 }
      return a.atom == chosenAtom ? 1 : b.atom == chosenAtom ? -1 : 0
    case .likeRight, .likeLeft:
      guard a.descriptor != .none, b.descriptor != .none else { return 0 }
      let hand: CIPDescriptor.Hand = rule == .likeRight ? .right : .left
      let (isLeft, isRight) = (a.descriptor.hand == hand, b.descriptor.hand == hand)
      return isLeft == isRight ? 0 : isLeft ? 1 : -1
    case .pairs, .hand: return 0
    }
  }

  /// Whether a rule cannot tell any two edges apart.
  private func isIdle(_ rule: CIPRule) -> Bool {
    switch rule {
    case .atomicNumber, .duplicateDistance: false
    case .mass: !hasIsotopes
    case .geometry: !hasGeometry
    case .standing, .likeRight, .likeLeft: !hasHands
    case .pseudoAsymmetry: !hasPseudoAsymmetry
    case .chosenAtom: chosenAtom < 0
    case .pairs, .hand: true
    }
  }

  /// Compares two branches by one rule, sphere by sphere; higher-ranked branches of a sphere are
  /// looked at first (hierarchical ranking).
  mutating func compareBranches(_ rule: CIPRule, _ left: Int32, _ right: Int32) -> Int {
    if isIdle(rule) || isExhausted { return 0 }
    work -= 1
    let first = compareEnds(rule, left, right)
    if first != 0 { return first }
    let base = queue.count
    queue.append(left)
    queue.append(right)
    var position = base
    var result = 0
    while result == 0, position < queue.count, !isExhausted {
      let (a, b) = (end(queue[position]), end(queue[position + 1]))
      position += 2
      result = compareChildren(rule, a, b)
    }
    while queue.count > base { _ = queue.removeLast() }
    return result
  }

  /// Compares the sets of two nodes' branches, then queues those that agree, in their order.
  private mutating func compareChildren(_ rule: CIPRule, _ a: Int32, _ b: Int32) -> Int {
    expand(a)
    expand(b)
    let (countA, countB) = (outCount(a), outCount(b))
    let common = min(countA, countB)
    work -= 1 + common
    if common == 0 { return (countA - countB).signum() }
    let kind = CIPOrders.Kind(rule)
    // The sets as such, without what lies behind them.
    let base = queue.count
    queueShallow(rule, a)
    queueShallow(rule, b)
    var result = 0
    for index in 0..<common where result == 0 {
      result = compareEnds(rule, queue[base + index], queue[base + countA + index])
    }
    while queue.count > base { _ = queue.removeLast() }
    if result != 0 { return result }
    if countA != countB { return (countA - countB).signum() }
    // Then branch by branch.
    rank(a, through: rule)
    rank(b, through: rule)
    if isExhausted { return 0 }
    let (slotA, slotB) = (Int(nodes[Int(a)].firstSlot), Int(nodes[Int(b)].firstSlot))
    for index in 0..<common {
      let (left, right) = (
        orders.edge(kind, slotA + index).edge, orders.edge(kind, slotB + index).edge
      )
      result = compareEnds(rule, left, right)
      if result != 0 { return result }
    }
    for index in 0..<common {
      let (left, right) = (
        orders.edge(kind, slotA + index).edge, orders.edge(kind, slotB + index).edge
      )
      if hasBranches(left) || hasBranches(right) {
        queue.append(left)
        queue.append(right)
      }
    }
    return 0
  }

  private func hasBranches(_ edge: Int32) -> Bool { nodes[Int(end(edge))].kind == .atom }

  /// Queues the edges that lead away from a node, sorted by what the rules up to one say of their
  /// ends alone.
  private mutating func queueShallow(_ rule: CIPRule, _ index: Int32) {
    let node = nodes[Int(index)]
    let base = queue.count
    for slot in node.firstSlot..<node.firstSlot + node.slotCount {
      let edge = slots[Int(slot)]
      guard leads(edge, from: index) else { continue }
      queue.append(edge)
      var place = queue.count - 1
      while place > base, compareShallow(rule, queue[place - 1], edge) < 0 {
        queue[place] = queue[place - 1]
        place -= 1
      }
      queue[place] = edge
    }
  }

  private func compareShallow(_ rule: CIPRule, _ left: Int32, _ right: Int32) -> Int {
    if rule.rawValue < CIPRule.count {
      for earlier in 0..<rule.rawValue {
        guard let earlier = CIPRule(rawValue: earlier) else { continue }
        let result = compareEnds(earlier, left, right)
        if result != 0 { return result }
      }
    }
    return compareEnds(rule, left, right)
  }

  // MARK: Ranking

  /// Ranks the edges that lead away from a node by all rules up to one.
  mutating func rank(_ index: Int32, through rule: CIPRule) {
    let kind = CIPOrders.Kind(rule)
    let isLike = rule.rawValue >= CIPRule.count
    let target = isLike ? 1 : rule.rawValue + 1
    if orders.level(kind, index) >= target { return }
    expand(index)
    guard nesting < Self.nestingLimit, !isExhausted else {
      work = -1
      return
    }
    nesting += 1
    defer { nesting -= 1 }
    if orders.level(kind, index) < 0 { beginOrder(kind, index) }
    while orders.level(kind, index) < target, !isExhausted {
      let level = orders.level(kind, index)
      if let next = isLike ? rule : CIPRule(rawValue: level), !isIdle(next) {
        splitTies(kind, index, by: next)
      }
      orders.setLevel(kind, index, level + 1)
    }
  }

  /// Lists the edges that lead away from a node, ranked by an order of fewer rules if there is one.
  private mutating func beginOrder(_ kind: CIPOrders.Kind, _ index: Int32) {
    let node = nodes[Int(index)]
    let first = Int(node.firstSlot)
    let earlier: (kind: CIPOrders.Kind, rule: CIPRule)? =
      switch kind {
      case .stereo: (.constitution, .mass)
      case .full: (.stereo, .standing)
      case .constitution, .likeRight, .likeLeft: nil
      }
    if let earlier {
      rank(index, through: earlier.rule)
      for slot in first..<first + outCount(index) {
        let (edge, isTied) = orders.edge(earlier.kind, slot)
        orders.set(kind, slot, edge, isTied: isTied)
      }
      orders.setLevel(kind, index, earlier.rule.rawValue + 1)
      return
    }
    var place = first
    for slot in first..<first + Int(node.slotCount) {
      let edge = slots[slot]
      guard leads(edge, from: index) else { continue }
      orders.set(kind, place, edge, isTied: place > first)
      place += 1
    }
    orders.setLevel(kind, index, 0)
  }

  /// Ranks edges that tie by one rule more: insertion into each run of ties.
  private mutating func splitTies(_ kind: CIPOrders.Kind, _ index: Int32, by rule: CIPRule) {
    let first = Int(nodes[Int(index)].firstSlot)
    let end = first + outCount(index)
    var start = first
    while start < end {
      var next = start + 1
      while next < end, orders.edge(kind, next).isTied {
        let edge = orders.edge(kind, next).edge
        var place = next
        var isTied = false
        while place > start {
          let before = orders.edge(kind, place - 1)
          let result = compareBranches(rule, before.edge, edge)
          if result >= 0 {
            isTied = result == 0
            break
          }
          orders.set(kind, place, before.edge, isTied: place - 1 > start && before.isTied)
          place -= 1
        }
        // What the edge now stands before ranks lower.
        if place < next {
          orders.set(kind, place + 1, orders.edge(kind, place + 1).edge, isTied: false)
        }
        orders.set(kind, place, edge, isTied: isTied)
        next += 1
      }
      start = next
    }
  }
}

extension Int32 {
  fileprivate var asInt: Int { Int(self) }
}
