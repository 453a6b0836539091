/// The search tree of individualisations below a refined ranking; finds the least leaf.
///
/// Depth first, as nauty does it (McKay and Piperno 2014, sections 2 and 3). Leaves compare by the
/// traces of the refinements above them, then by the molecule as their ranks tell it; branches
/// that can no longer reach the best leaf, nor one equal to the first, are cut off as soon as
/// their trace shows it. Two equal leaves give an automorphism. On the way to the first leaf every
/// automorphism known fixes what was chosen above, so that one union-find of all of them tells which
/// choices are equal; elsewhere those are used that fix the choices above.
struct RankingSearch: ~Copyable {
  /// Bonds that are looked at in a search before the best leaf so far counts, besides a share for
  /// every bond of the molecule.
  ///
  /// Then the ranking may depend on the numbering. It takes some seconds to get there; no molecule
  /// is known to, only graphs made for it, such as strongly regular graphs of few automorphisms.
  static let workLimit = 400_000_000

  /// A choice among the atoms of one cell.
  private struct Node {
    let candidates: [Int32]
    /// The ranking to come back to.
    let splits: Int
    let reads: Int
    var next = 0
    /// Candidates whose subtrees are done or under way.
    var explored: [Int32] = []
    let isOnFirstPath: Bool
    /// How the traces above compare; see ``RefinementTrace``.
    let matchesFirst: Bool
    var comparison: Int
  }

  private struct Leaf {
    let certificate: [UInt64]
    let order: [Int32]
    let positions: [Int32]
    let path: [Int32]
    let traces: [[UInt64]]
  }

  private var stack: [Node] = []
  /// The atom chosen at each node of the stack but the last, and the trace below it.
  private var path: [Int32] = []
  private var traces: [[UInt64]] = []
  private var first: Leaf?
  private var best: Leaf?
  private var symmetry: SymmetryOrbits

  init(atomCount: Int) {
    symmetry = SymmetryOrbits(atomCount: atomCount)
  }

  /// Turns a refined ranking with ties into that of the least leaf.
  mutating func run(_ ranking: inout CanonicalRanking) {
    let limit = Self.workLimit + 200 * ranking.neighbors.slotCount
    ranking.partition.work = 0
    push(ranking, matchesFirst: true, comparison: -1)
    while let top = stack.indices.last {
      ranking.undo(splits: stack[top].splits, reads: stack[top].reads)
      if ranking.partition.work > limit, best != nil { break }
      guard let atom = nextCandidate() else {
        pop()
        continue
      }
      descend(to: atom, &ranking)
    }
    guard let best else { preconditionFailure("a search without a leaf") }
    ranking.partition.setOrder(best.order)
  }

  private mutating func descend(to atom: Int32, _ ranking: inout CanonicalRanking) {
    let top = stack.count - 1
    stack[top].explored.append(atom)
    if stack[top].isOnFirstPath, first != nil { symmetry.mark(atom) }
    ranking.partition.trace.begin(
      first: first.flatMap { top < $0.traces.count ? $0.traces[top] : nil },
      best: best.flatMap { top < $0.traces.count ? $0.traces[top] : nil },
      matchesFirst: stack[top].matchesFirst,
      comparison: best == nil ? -1 : stack[top].comparison)
    ranking.partition.individualize(atom)
    let isComplete = ranking.refine()
    guard ranking.partition.trace.end(), isComplete else { return }
    let trace = ranking.partition.trace
    if stack[top].isOnFirstPath, trace.matchesFirst, let first,
      let image = ranking.automorphism(to: first.order, first.positions)
    {
      symmetry.add(image)
      return
    }
    path.append(atom)
    traces.append(trace.steps)
    if ranking.isSettled() {
      ranking.breakTies()
      reach(ranking, matchesFirst: trace.matchesFirst, comparison: trace.comparison)
    } else {
      push(ranking, matchesFirst: trace.matchesFirst, comparison: trace.comparison)
    }
  }

  private mutating func push(
    _ ranking: borrowing CanonicalRanking, matchesFirst: Bool, comparison: Int
  ) {
    stack.append(
      Node(
        candidates: ranking.targetCell(), splits: ranking.partition.splitCount,
        reads: ranking.readCount, isOnFirstPath: first == nil, matchesFirst: matchesFirst,
        comparison: comparison))
  }

  private mutating func pop() {
    let node = stack.removeLast()
    guard let top = stack.indices.last else { return }
    path.removeLast()
    traces.removeLast()
    guard node.isOnFirstPath else { return }
    for atom in node.explored { symmetry.unmark(atom) }
    for atom in stack[top].explored { symmetry.mark(atom) }
  }

  /// The next atom of the last node that no known automorphism maps to an explored one.
  private mutating func nextCandidate() -> Int32? {
    let top = stack.count - 1
    while stack[top].next < stack[top].candidates.count {
      let atom = stack[top].candidates[stack[top].next]
      stack[top].next += 1
      if stack[top].explored.isEmpty { return atom }
      let isKnown =
        stack[top].isOnFirstPath
        ? symmetry.isMarked(atom)
        : symmetry.joins(atom, to: stack[top].explored, fixing: path)
      if !isKnown { return atom }
    }
    return nil
  }

  private mutating func reach(
    _ ranking: borrowing CanonicalRanking, matchesFirst: Bool, comparison: Int
  ) {
    let certificate = ranking.certificate()
    guard let first, let best else {
      self.first = leaf(ranking, certificate)
      self.best = self.first
      for index in stack.indices { stack[index].comparison = 0 }
      for atom in stack[stack.count - 1].explored { symmetry.mark(atom) }
      leaveLeaf()
      return
    }
    if matchesFirst, first.path.count == path.count, first.certificate == certificate {
      symmetry.add(from: ranking.partition, to: first.order)
      leave(to: first.path)
    } else if comparison == 0, best.path.count == path.count, best.certificate == certificate {
      symmetry.add(from: ranking.partition, to: best.order)
      leave(to: best.path)
    } else {
      let isBetter =
        comparison < 0
        || (comparison == 0
          && (path.count != best.path.count
            ? path.count < best.path.count
            : certificate.lexicographicallyPrecedes(best.certificate)))
      if isBetter {
        self.best = leaf(ranking, certificate)
        for index in stack.indices { stack[index].comparison = 0 }
      }
      leaveLeaf()
    }
  }

  private func leaf(
    _ ranking: borrowing CanonicalRanking, _ certificate: [UInt64]
  ) -> Leaf {
    Leaf(
      certificate: certificate, order: ranking.partition.order.array(),
      positions: ranking.partition.position.array(), path: path, traces: traces)
  }

  private mutating func leaveLeaf() {
    path.removeLast()
    traces.removeLast()
  }

  /// Goes back to where the path to an equal leaf parts from this one: everything below is equal to
  /// what was seen.
  private mutating func leave(to known: [Int32]) {
    let common = zip(path, known).prefix { $0 == $1 }.count
    stack.removeLast(stack.count - common - 1)
    path.removeLast(path.count - common)
    traces.removeLast(traces.count - common)
  }
}
