import CKernels

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
    var occurrences = occurrences
    self.init(sorting: &occurrences)
  }

  /// Counts a list that names every occurrence once; the list is left in ascending order.
  package init(sorting occurrences: inout [UInt64]) {
    let count = occurrences.count
    unsafe occurrences.withMutableBase { unsafe lig_sort_keys($0, count) }
    var distinct = 0
    var last: UInt64?
    for key in occurrences where key != last {
      distinct += 1
      last = key
    }
    keys = []
    counts = []
    keys.reserveCapacity(distinct)
    counts.reserveCapacity(distinct)
    for key in occurrences {
      if keys.last == key {
        counts[counts.count - 1] += 1
      } else {
        keys.append(key)
        counts.append(1)
      }
    }
  }
}
