/// Identifiers of the substructures of a molecule, each with the number of times it occurs.
///
/// Invariant: `identifiers` is strictly ascending; `counts[i] >= 1` belongs to `identifiers[i]`.
public struct CountFingerprint: Sendable, Equatable {
  /// Identifiers, strictly ascending.
  public private(set) var identifiers: [UInt64]
  /// How often each occurs, at least once; parallel to ``identifiers``.
  public private(set) var counts: [UInt32]

  /// Counts a list that names every occurrence once, in any order; O(n log n).
  public init(occurrences: [UInt64]) {
    self.init(sorted: occurrences.sorted().span)
  }

  /// Counts an ascending list.
  init(sorted: Span<UInt64>) {
    identifiers = []
    counts = []
    var distinct = 0
    for index in sorted.indices where index == 0 || sorted[index] != sorted[index - 1] {
      distinct += 1
    }
    identifiers.reserveCapacity(distinct)
    counts.reserveCapacity(distinct)
    var start = 0
    while start < sorted.count {
      let identifier = sorted[start]
      var end = start + 1
      while end < sorted.count, sorted[end] == identifier { end += 1 }
      identifiers.append(identifier)
      counts.append(UInt32(end - start))
      start = end
    }
  }

  /// Sum of all counts.
  public var total: Int { counts.reduce(0) { $0 + Int($1) } }

  /// One bit for each identifier, set at its remainder by `size`.
  public func folded(to size: Int) -> BitFingerprint {
    var bits = BitFingerprint(size: size)
    for identifier in identifiers { bits.insert(Int(identifier % UInt64(size))) }
    return bits
  }
}
