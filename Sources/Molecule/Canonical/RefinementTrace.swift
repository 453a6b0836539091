/// What a refinement did, step by step, in terms that do not depend on how atoms are numbered, and
/// how it compares with the same steps below the first and the best leaf of a search.
///
/// A refinement that differs from the first leaf's and comes after the best leaf's leads to nothing
/// and can stop at the first step that shows it (Traces: Piperno, "Search space contraction in
/// canonical labeling of graphs", arXiv:0804.4881; McKay and Piperno 2014, section 3).
struct RefinementTrace {
  var isOn = false
  /// A number for each step of the refinement under way.
  private(set) var steps: [UInt64] = []
  /// The steps of the first and the best leaf at the same depth; nil where they have ended.
  private var first: [UInt64]?
  private var best: [UInt64]?
  /// Whether all steps so far are those of the first leaf.
  private(set) var matchesFirst = true
  /// Negative before, 0 equal to, positive after the steps of the best leaf.
  private(set) var comparison = 0
  private var hash: UInt64 = 0

  /// Begins the refinement below a node whose steps compare as given.
  mutating func begin(
    first: [UInt64]?, best: [UInt64]?, matchesFirst: Bool, comparison: Int
  ) {
    isOn = true
    steps = []
    self.first = first
    self.best = best
    self.matchesFirst = matchesFirst && first != nil
    self.comparison = comparison == 0 && best == nil ? 1 : comparison
    hash = 0
  }

  /// Adds something to the step under way.
  @inline(__always)
  mutating func mix(_ value: UInt64) {
    hash = (hash ^ value) &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 29
  }

  /// Ends a step; whether the refinement may still lead to something.
  mutating func record(_ splitter: Int) -> Bool {
    mix(UInt64(truncatingIfNeeded: splitter) &+ 1)
    let index = steps.count
    steps.append(hash)
    if matchesFirst, let first { matchesFirst = index < first.count && first[index] == hash }
    if comparison == 0, let best {
      if index >= best.count {
        comparison = 1
      } else if hash != best[index] {
        comparison = hash < best[index] ? -1 : 1
      }
    }
    return matchesFirst || comparison <= 0
  }

  /// Ends the refinement; whether it may still lead to something.
  mutating func end() -> Bool {
    isOn = false
    if matchesFirst, let first { matchesFirst = first.count == steps.count }
    if comparison == 0, let best, steps.count < best.count { comparison = -1 }
    return matchesFirst || comparison <= 0
  }
}
