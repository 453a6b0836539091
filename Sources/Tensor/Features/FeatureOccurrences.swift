/// Every occurrence of every feature of an item with the parts that it is made of.
public struct FeatureOccurrences: FeatureSink, Sendable, Equatable {
  /// A key for each occurrence.
  public private(set) var keys: [UInt64] = []
  /// First entry of each occurrence in `parts`; [keys.count + 1].
  private var starts: [Int32] = [0]
  private var parts: [Int32] = []

  /// None yet.
  public init() {}

  /// Keeps an occurrence with its parts.
  public mutating func append(_ key: UInt64, _ parts: () -> [Int32]) {
    keys.append(key)
    self.parts += parts()
    starts.append(Int32(self.parts.count))
  }

  /// The parts of an occurrence; none for a feature of the whole item.
  public func parts(of occurrence: Int) -> ArraySlice<Int32> {
    parts[Int(starts[occurrence])..<Int(starts[occurrence + 1])]
  }

  /// How often each feature occurs.
  public var counts: FeatureCounts { FeatureCounts(occurrences: keys) }

  /// The same without occurrences that any of some parts belongs to; features of the whole item
  /// stay.
  public func counts(without removed: Range<Int32>) -> FeatureCounts {
    FeatureCounts(
      occurrences: keys.indices.filter { !parts(of: $0).contains(where: removed.contains) }
        .map { keys[$0] })
  }

  /// Hands a number of each feature out to its parts; [partCount].
  ///
  /// A feature's number goes to its occurrences in equal shares, that of an occurrence to its parts
  /// in equal shares, that of the whole item to all parts. Features without a number have 0. The
  /// results add up to the numbers of the features that occur, up to rounding, unless there is no
  /// part.
  public func shares(of numbers: [UInt64: Double], partCount: Int) -> [Double] {
    var occurrences: [UInt64: Int] = [:]
    for key in keys where numbers[key] != nil { occurrences[key, default: 0] += 1 }
    var shares = [Double](repeating: 0, count: partCount)
    var whole = 0.0
    for (place, key) in keys.enumerated() {
      guard let number = numbers[key], let count = occurrences[key] else { continue }
      let parts = parts(of: place)
      let share = number / Double(count)
      if parts.isEmpty { whole += share }
      for part in parts { shares[Int(part)] += share / Double(parts.count) }
    }
    return shares.map { $0 + whole / Double(partCount) }
  }
}
