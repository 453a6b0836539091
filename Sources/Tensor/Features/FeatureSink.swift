/// Takes the features of an item one by one, as they are found.
///
/// What finds features is generic over its sink, so that counting them and telling where they are
/// is one piece of code.
public protocol FeatureSink {
  /// Takes one occurrence of a feature.
  ///
  /// `parts` gives the atoms or tokens that it is made of, each once; none for a feature of the
  /// whole item. Sinks that only count never call it.
  mutating func append(_ key: UInt64, _ parts: () -> [Int32])
}

/// The keys alone.
@frozen
public struct FeatureKeys: FeatureSink {
  /// A key for each occurrence, in the order they were found.
  public var keys: [UInt64] = []

  /// Makes room for a known number of occurrences.
  @inlinable
  public init(capacity: Int) { keys.reserveCapacity(capacity) }

  /// Keeps the key of an occurrence.
  @inlinable
  public mutating func append(_ key: UInt64, _ parts: () -> [Int32]) { keys.append(key) }
}
