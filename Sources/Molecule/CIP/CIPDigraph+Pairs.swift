extension CIPDigraph {
  typealias Hand = CIPDescriptor.Hand

  /// Compares two branches of the root by any rule: 1 and -1, and 2 and -2 where the mirror image
  /// would come out the other way round (Rule 5 at a pseudo-asymmetric centre).
  mutating func compareRootBranches(_ rule: CIPRule, _ left: Int32, _ right: Int32) -> Int {
    switch rule {
    case .pairs: hasHands ? comparePairs(end(left), end(right)) : 0
    case .hand: hasHands ? compareHands(end(left), end(right)) : 0
    default: compareBranches(rule, left, right).signum()
    }
  }

  // MARK: Rule 4b

  /// Like pairs before unlike ones: the descriptors of each branch, paired with the reference
  /// descriptor of the branch, are compared in order.
  private mutating func comparePairs(_ a: Int32, _ b: Int32) -> Int {
    let (handsA, handsB) = (references(a), references(b))
    let common = min(handsA.count, handsB.count)
    guard common > 0, !isExhausted else { return 0 }
    if common == 1 { return compareLikeness(a, handsA[0], b, handsB[0]) }
    // Either hand may be the reference: the better lists of both are compared first.
    var lists = handsA.map { likeness(a, $0, after: .standing) }
    var others = handsB.map { likeness(b, $0, after: .standing) }
    if Self.compare(lists[0], lists[1]) < 0 { lists.swapAt(0, 1) }
    if Self.compare(others[0], others[1]) < 0 { others.swapAt(0, 1) }
    for (list, other) in zip(lists, others) {
      let result = Self.compare(list, other)
      if result != 0 { return result }
    }
    return 0
  }

  /// The reference of a branch: the more frequent hand of the highest-ranked set of like nodes
  /// that holds descriptors; both hands when they are equally frequent.
  private mutating func references(_ start: Int32) -> [Hand] {
    var sets = [[start]]
    while !sets.isEmpty, !isExhausted {
      for set in sets {
        let right = set.count { nodes[Int($0)].descriptor.hand == .right }
        let left = set.count { nodes[Int($0)].descriptor.hand == .left }
        if right + left > 0 {
          return right > left ? [.right] : right < left ? [.left] : [.right, .left]
        }
      }
      sets = sets.flatMap { nextSets($0) }
    }
    return []
  }

  /// The nodes one sphere on from a set of nodes alike, as sets of nodes alike, highest first.
  private mutating func nextSets(_ set: [Int32]) -> [[Int32]] {
    var next: [[Int32]] = []
    for index in set {
      rank(index, through: .standing)
      work -= 1
      let first = Int(nodes[Int(index)].firstSlot)
      var group = -1
      for slot in first..<first + outCount(index) {
        let (edge, isTied) = orders.edge(.stereo, slot)
        let node = end(edge)
        if isTerminal(node) { continue }
        if !isTied || group < 0 { group += 1 }
        if group == next.count { next.append([]) }
        next[group].append(node)
      }
    }
    return next
  }

  /// Compares two branches node by node: at the first difference, the one like its reference wins.
  private mutating func compareLikeness(_ a: Int32, _ handA: Hand, _ b: Int32, _ handB: Hand) -> Int
  {
    var (pathA, pathB) = ([a], [b])
    var position = 0
    while position < pathA.count, position < pathB.count, !isExhausted {
      let isLikeA = nodes[Int(pathA[position])].descriptor.hand == handA
      let isLikeB = nodes[Int(pathB[position])].descriptor.hand == handB
      if isLikeA != isLikeB { return isLikeA ? 1 : -1 }
      pathA += branches(pathA[position], handA, after: .standing)
      pathB += branches(pathB[position], handB, after: .standing)
      position += 1
    }
    return 0
  }

  // MARK: Rule 5

  /// R before S: the lists paired with R decide; those paired with S tell whether the mirror image
  /// decides likewise.
  private mutating func compareHands(_ a: Int32, _ b: Int32) -> Int {
    let right = Self.compare(
      likeness(a, .right, after: .pseudoAsymmetry), likeness(b, .right, after: .pseudoAsymmetry))
    if right == 0 || isExhausted { return 0 }
    let left = Self.compare(
      likeness(a, .left, after: .pseudoAsymmetry), likeness(b, .left, after: .pseudoAsymmetry))
    return left == right ? right : 2 * right
  }

  // MARK: Lists

  /// Whether each descriptor of a branch with a hand, in order, is like a reference.
  private mutating func likeness(_ start: Int32, _ hand: Hand, after rule: CIPRule) -> [Bool] {
    var list: [Bool] = []
    var path = [start]
    var position = 0
    while position < path.count, !isExhausted {
      let index = path[position]
      position += 1
      if let found = nodes[Int(index)].descriptor.hand { list.append(found == hand) }
      path += branches(index, hand, after: rule)
    }
    return list
  }

  /// At the first difference the list that is like its reference ranks higher.
  private static func compare(_ list: [Bool], _ other: [Bool]) -> Int {
    for (isLike, isOtherLike) in zip(list, other) where isLike != isOtherLike {
      return isLike ? 1 : -1
    }
    return 0
  }

  /// The nodes behind a node that are not terminal, ranked by the rules up to one and then with
  /// descriptors like the reference first.
  private mutating func branches(_ index: Int32, _ hand: Hand, after rule: CIPRule) -> [Int32] {
    rank(index, through: rule)
    if isExhausted { return [] }
    work -= 1
    let kind = CIPOrders.Kind(rule)
    let first = Int(nodes[Int(index)].firstSlot)
    var edges: [Int32] = []
    var runStart = 0
    for slot in first..<first + outCount(index) {
      let (edge, isTied) = orders.edge(kind, slot)
      if !isTied { runStart = edges.count }
      var place = edges.count
      while place > runStart, compareBranches(.like(hand), edges[place - 1], edge) < 0 {
        place -= 1
      }
      edges.insert(edge, at: place)
    }
    return edges.map { end($0) }.filter { !isTerminal($0) }
  }
}
