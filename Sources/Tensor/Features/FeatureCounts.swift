/// Sparse feature counts of one item, molecule or text.
///
/// Invariant: `keys` is strictly ascending, `counts[i] >= 1` belongs to `keys[i]`.
public struct FeatureCounts: Sendable, Equatable {
  /// Feature keys (see ``FeatureHash``), strictly ascending.
  public private(set) var keys: [UInt64]
  /// How often each feature occurs, at least once.
  public private(set) var counts: [UInt32]

  /// Counts a list that names every occurrence once, in any order; O(n log n).
  public init(occurrences: [UInt64]) {
    let sorted = occurrences.sorted()
    keys = []
    counts = []
    keys.reserveCapacity(sorted.count)
    counts.reserveCapacity(sorted.count)
    for key in sorted {
      if keys.last == key {
        counts[counts.count - 1] += 1
      } else {
        keys.append(key)
        counts.append(1)
      }
    }
  }
}
