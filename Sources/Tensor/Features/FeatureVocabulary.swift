import Foundation

/// The features a model knows, each with a column number and an inverse document frequency.
///
/// Columns are ordered by falling document frequency (then by key), so that the table rows of
/// common features lie together.
public struct FeatureVocabulary: Sendable {
  /// How a count becomes a weight before it is multiplied by the inverse document frequency.
  public enum CountWeighting: String, Sendable, Codable {
    /// log(1 + count)
    case logarithmic
    /// 1 + log(count), "sublinear" term frequency
    case sublinear

    func weight(_ count: UInt32) -> Float {
      switch self {
      case .logarithmic: log(1 + Float(count))
      case .sublinear: 1 + log(Float(count))
      }
    }
  }

  /// The key of each column.
  public var keys: [UInt64] { index.keys }
  /// The inverse document frequency of each column, or that of all the features it stands for.
  public let inverseDocumentFrequencies: [Float]
  /// How counts are weighted.
  public let weighting: CountWeighting
  private let index: KeyIndex

  /// Restores a saved vocabulary; nil when the keys are not distinct or the counts differ.
  public init?(
    keys: [UInt64], inverseDocumentFrequencies: [Float], weighting: CountWeighting
  ) {
    guard keys.count == inverseDocumentFrequencies.count else { return nil }
    var index = KeyIndex(minimumCapacity: keys.count)
    for key in keys { _ = index.insert(key) }
    guard index.keys.count == keys.count else { return nil }
    self.index = index
    self.inverseDocumentFrequencies = inverseDocumentFrequencies
    self.weighting = weighting
  }

  /// Learns the features that occur in at least `minimumDocumentFrequency` of the items.
  ///
  /// idf = log((1 + n) / (1 + df)) + 1, n being the number of items.
  public init(
    fitting items: [FeatureCounts], minimumDocumentFrequency: Int, weighting: CountWeighting
  ) {
    var seen = KeyIndex(minimumCapacity: 1 << 20)
    var frequencies: [Int32] = []
    for item in items {
      for key in item.keys {
        let number = seen.insert(key)
        if number == frequencies.count {
          frequencies.append(1)
        } else {
          frequencies[number] += 1
        }
      }
    }
    let kept = frequencies.indices
      .filter { frequencies[$0] >= minimumDocumentFrequency }
      .sorted { (frequencies[$1], seen.keys[$0]) < (frequencies[$0], seen.keys[$1]) }
    var index = KeyIndex(minimumCapacity: kept.count)
    for number in kept { _ = index.insert(seen.keys[number]) }
    self.index = index
    self.weighting = weighting
    inverseDocumentFrequencies = kept.map { number in
      log(Float(1 + items.count) / Float(1 + frequencies[number])) + 1
    }
  }

  /// The number of features.
  public var count: Int { index.keys.count }

  /// The weighted row of an item, to unit Euclidean length; unknown features are left out.
  ///
  /// An item without a known feature has an empty row.
  public func row(for item: FeatureCounts) -> SparseRow {
    var row = SparseRow(columns: [], values: [])
    fill(&row, for: item)
    return row
  }

  /// Becomes ``row(for:)``, in the storage that is there where it is large enough.
  func fill(_ row: inout SparseRow, for item: FeatureCounts) {
    row.columns.removeAll(keepingCapacity: true)
    row.values.removeAll(keepingCapacity: true)
    row.columns.reserveCapacity(item.keys.count)
    row.values.reserveCapacity(item.keys.count)
    var squares: Float = 0
    for (key, count) in zip(item.keys, item.counts) {
      guard let column = index.find(key) else { continue }
      let weight = weighting.weight(count) * inverseDocumentFrequencies[column]
      row.columns.append(Int32(column))
      row.values.append(weight)
      squares += weight * weight
    }
    let inverse = squares > 0 ? 1 / squares.squareRoot() : 0
    for position in row.values.indices { row.values[position] *= inverse }
  }

  /// The weighted rows of many items, in parallel, as one sparse matrix.
  public func matrix(for items: [FeatureCounts]) -> SparseMatrix {
    SparseMatrix(
      columns: count, sparseRows: Parallel.map(items.count, by: 256) { row(for: items[$0]) })
  }
}
