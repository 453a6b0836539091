import Molecule
import Tensor

/// A few thousand items side by side, column by column.
///
/// A value; a segment that is full never changes but for its deleted rows.
struct ItemSegment: Sendable {
  /// Items of a full segment: small, because the last one is copied when it grows under a reader.
  static let capacity = 4096

  private(set) var ids: [Int64] = []
  private(set) var corpora: [Int64] = []
  private(set) var smiles: [String?] = []
  private(set) var hasText: [Bool] = []
  private(set) var updatedAt: [Int64] = []
  /// One column for each ``Descriptor``; NaN where it is not known.
  private(set) var descriptors = [[Float]](repeating: [], count: Descriptor.allCases.count)
  private(set) var fingerprints = BitMatrix(wordsPerRow: StoredItem.fingerprintBits / 64)
  /// Set bits of each fingerprint; −1 where there is none.
  private(set) var populations: [Int32] = []
  private(set) var screens = BitMatrix(wordsPerRow: SubstructureScreen.size / 64)
  /// Rows whose item has gone.
  private(set) var isDeleted: [Bool] = []

  /// Rows, deleted ones included.
  var count: Int { ids.count }
  var isFull: Bool { count >= Self.capacity }
  var liveCount: Int { isDeleted.count { !$0 } }

  /// Adds an item; an unknown screen is all ones, so that it rules nothing out.
  mutating func append(_ item: StoredItem) {
    ids.append(item.id)
    corpora.append(item.corpus)
    smiles.append(item.smiles)
    hasText.append(item.hasText)
    updatedAt.append(item.updatedAt)
    for place in descriptors.indices {
      descriptors[place].append(item.descriptors?[place] ?? .nan)
    }
    let fingerprint = item.fingerprint
    fingerprints.append(
      fingerprint ?? [UInt64](repeating: 0, count: fingerprints.wordsPerRow))
    populations.append(
      fingerprint.map { Int32($0.reduce(0) { $0 + $1.nonzeroBitCount }) } ?? -1)
    screens.append(
      item.screen
        ?? [UInt64](repeating: item.smiles == nil ? 0 : .max, count: screens.wordsPerRow))
    isDeleted.append(false)
  }

  mutating func delete(_ row: Int) { isDeleted[row] = true }

  /// The item of a row as it was added.
  func item(_ row: Int) -> StoredItem {
    let width = (fingerprints.wordsPerRow, screens.wordsPerRow)
    let numbers = descriptors.map { $0[row] }
    return StoredItem(
      id: ids[row], corpus: corpora[row], smiles: smiles[row], hasText: hasText[row],
      updatedAt: updatedAt[row], descriptors: numbers.contains { $0.isNaN } ? nil : numbers,
      fingerprint: populations[row] < 0
        ? nil : Array(fingerprints.words[row * width.0..<(row + 1) * width.0]),
      screen: Array(screens.words[row * width.1..<(row + 1) * width.1]))
  }
}
