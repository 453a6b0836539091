/// The search tree of individualisations below a refined ranking; finds the least leaf.
struct RankingSearch {
  /// A ranking to come back to.
  fileprivate struct State {
    let partition: AtomPartition.Snapshot
    let descriptors: [UInt64]
    let unread: Int

    init(_ ranking: borrowing CanonicalRanking) {
      partition = ranking.partition.snapshot()
      descriptors = ranking.descriptors
      unread = ranking.unread
    }

    func restore(_ ranking: inout CanonicalRanking) {
      ranking.partition.restore(partition)
      ranking.descriptors = descriptors
      ranking.unread = unread
    }
  }

  /// A choice among the atoms of one cell.
  private struct Node {
    let state: State
    let candidates: [Int32]
    var next = 0
    /// Candidates whose subtrees are done.
    var explored: [Int32] = []
    /// The shape of the partition, equal for equivalent nodes.
    let shape: [Int32]
  }

  fileprivate struct Leaf {
    let certificate: [UInt64]
    let state: State
    let path: [Int32]
    let shapes: [[Int32]]
  }

  private var stack: [Node] = []
  /// The atom chosen at each node of the stack but the last.
  private var path: [Int32] = []
  private var best: Leaf?
  private var first: Leaf?
  /// Automorphisms found, as images of atoms.
  private var generators: [[Int32]] = []
  private var leavesLeft: Int

  init(atomCount: Int) {
    leavesLeft = max(2, CanonicalRanking.workLimit / (atomCount + 1))
  }

  /// Turns a refined ranking with ties into that of the least leaf.
  mutating func run(_ ranking: inout CanonicalRanking) {
    push(ranking)
    while let node = stack.last {
      guard let atom = nextCandidate(), leavesLeft > 0 || best == nil else {
        stack.removeLast()
        if !path.isEmpty { path.removeLast() }
        continue
      }
      stack[stack.count - 1].explored.append(atom)
      node.state.restore(&ranking)
      ranking.partition.individualize(atom)
      ranking.refine()
      path.append(atom)
      if !ranking.partition.isDiscrete, ranking.unread > 0 || !ranking.isForest() {
        push(ranking)
        if isWorseThanBest() {
          stack.removeLast()
          path.removeLast()
        }
      } else {
        ranking.breakTies()
        reach(ranking)
      }
    }
    guard let best else { preconditionFailure("a search without a leaf") }
    best.state.restore(&ranking)
  }

  private mutating func push(_ ranking: borrowing CanonicalRanking) {
    var target = -1
    var shape: [Int32] = []
    // Cells that hide a stereo mark come first, then the smallest.
    let hidden = ranking.tiedPlaces()
    var start = 0
    while start < ranking.partition.order.count {
      let size = ranking.partition.size[start]
      shape.append(size)
      if size > 1 {
        let isHidden = hidden.contains(Int32(start))
        let isBetter =
          target < 0
          || (isHidden && !hidden.contains(Int32(target)))
          || (isHidden == hidden.contains(Int32(target)) && size < ranking.partition.size[target])
        if isBetter { target = start }
      }
      start += Int(size)
    }
    stack.append(
      Node(
        state: State(ranking), candidates: ranking.partition.members(target), shape: shape))
  }

  /// The next atom of the last node that no known automorphism maps to an explored one.
  private mutating func nextCandidate() -> Int32? {
    let top = stack.count - 1
    while stack[top].next < stack[top].candidates.count {
      let atom = stack[top].candidates[stack[top].next]
      stack[top].next += 1
      if !isEquivalentToExplored(atom, stack[top]) { return atom }
    }
    return nil
  }

  private func isEquivalentToExplored(_ atom: Int32, _ node: Node) -> Bool {
    guard !node.explored.isEmpty, !generators.isEmpty else { return false }
    let fixing = generators.filter { image in path.allSatisfy { image[Int($0)] == $0 } }
    guard !fixing.isEmpty else { return false }
    var reached: Set<Int32> = [atom]
    var pending = [atom]
    while let member = pending.popLast() {
      if node.explored.contains(member) { return true }
      for image in fixing where reached.insert(image[Int(member)]).inserted {
        pending.append(image[Int(member)])
      }
    }
    return false
  }

  private func isWorseThanBest() -> Bool {
    guard let best else { return false }
    let depth = stack.count - 1
    guard depth < best.shapes.count else { return false }
    for level in 0...depth where stack[level].shape != best.shapes[level] {
      return best.shapes[level].lexicographicallyPrecedes(stack[level].shape)
    }
    return false
  }

  private mutating func reach(_ ranking: borrowing CanonicalRanking) {
    leavesLeft -= 1
    let leaf = Leaf(
      certificate: ranking.certificate(), state: State(ranking), path: path,
      shapes: stack.map(\.shape))
    if let known = [first, best].lazy.compactMap({ $0 })
      .first(where: { $0.certificate == leaf.certificate })
    {
      // The automorphism that maps this leaf to the known one.
      if generators.count < 128 {
        generators.append(
          leaf.state.partition.position.map { known.state.partition.order[Int($0)] })
      }
      // Below the place where the two paths part, everything is equal to what was seen.
      let common = zip(path, known.path).prefix { $0 == $1 }.count
      stack.removeLast(stack.count - common - 1)
      path.removeLast(path.count - common)
      return
    }
    path.removeLast()
    if first == nil { first = leaf }
    guard let best else {
      best = leaf
      return
    }
    if leaf.precedes(best) { self.best = leaf }
  }
}

extension RankingSearch.Leaf {
  fileprivate func precedes(_ other: RankingSearch.Leaf) -> Bool {
    for (left, right) in zip(shapes, other.shapes) where left != right {
      return left.lexicographicallyPrecedes(right)
    }
    return certificate.lexicographicallyPrecedes(other.certificate)
  }
}

extension CanonicalRanking {
  /// Cells of neighbours that leave a stereo mark unread.
  fileprivate func tiedPlaces() -> Set<Int32> {
    guard unread > 0 else { return [] }
    var cells: Set<Int32> = []
    for index in elements.indices where descriptors[index] == 0 {
      for place in elements[index].places
      where place >= 0 && partition.cellSize(of: Int(place)) > 1 {
        cells.insert(partition.cell[Int(place)])
      }
    }
    return cells
  }

  /// The molecule as its ranks tell it: bonds row by row, then stereo descriptors.
  fileprivate func certificate() -> [UInt64] {
    var text: [UInt64] = []
    text.reserveCapacity(neighbors.atoms.count + elements.count)
    for rank in 0..<partition.order.count {
      let atom = partition.order[rank]
      let begin = text.count
      for slot in neighbors.range(Int(atom)) {
        let other = partition.position[Int(neighbors.atoms[slot])]
        guard other < rank else { continue }
        text.append(UInt64(other) << 8 | UInt64(neighbors.weights[slot].trailingZeroBitCount))
      }
      text[begin...].sort()
      text.append(UInt64.max - UInt64(rank))
    }
    var marks = elements.indices.map { index in
      (partition.position[Int(elements[index].first)], descriptors[index])
    }
    marks.sort { $0 < $1 }
    for (rank, descriptor) in marks {
      text.append(UInt64(rank))
      text.append(descriptor)
    }
    return text
  }
}
