import Molecule
import Tensor

/// The items of a table as plain arrays, as a snapshot keeps them; one value for each item, or a
/// fixed number of them.
struct ItemColumns: Sendable {
  var ids: [Int64] = []
  var corpora: [Int64] = []
  var updatedAt: [Int64] = []
  /// Bit 0 for a text, bit 1 for known descriptors, bit 2 for a known fingerprint.
  var flags: [UInt8] = []
  /// Bytes of each SMILES; −1 for none.
  var lengths: [Int32] = []
  /// All SMILES, one behind the other.
  var smiles: [UInt8] = []
  var descriptors: [Float] = []
  var fingerprints: [UInt64] = []
  var screens: [UInt64] = []

  private static let descriptorCount = Descriptor.allCases.count
  private static let fingerprintWords = StoredItem.fingerprintBits / 64
  private static let screenWords = SubstructureScreen.size / 64

  init() {}

  /// The items of a table that are not deleted.
  init(_ table: ItemTable) {
    for segment in table.segments {
      for row in 0..<segment.count where !segment.isDeleted[row] { append(segment.item(row)) }
    }
  }

  private mutating func append(_ item: StoredItem) {
    ids.append(item.id)
    corpora.append(item.corpus)
    updatedAt.append(item.updatedAt)
    flags.append(
      (item.hasText ? 1 : 0) | (item.descriptors == nil ? 0 : 2)
        | (item.fingerprint == nil ? 0 : 4))
    if let text = item.smiles {
      lengths.append(Int32(text.utf8.count))
      smiles += text.utf8
    } else {
      lengths.append(-1)
    }
    descriptors += item.descriptors ?? [Float](repeating: 0, count: Self.descriptorCount)
    fingerprints += item.fingerprint ?? [UInt64](repeating: 0, count: Self.fingerprintWords)
    screens += item.screen ?? [UInt64](repeating: 0, count: Self.screenWords)
  }

  /// Whether the arrays belong together.
  var isWhole: Bool {
    let count = ids.count
    return corpora.count == count && updatedAt.count == count && flags.count == count
      && lengths.count == count && descriptors.count == count * Self.descriptorCount
      && fingerprints.count == count * Self.fingerprintWords
      && screens.count == count * Self.screenWords
      && lengths.reduce(0) { $0 + max(0, Int($1)) } == smiles.count
  }

  /// Segments of the items, made by all cores; the arrays must be whole.
  func segments() -> [ItemSegment] {
    let count = (ids.count + ItemSegment.capacity - 1) / ItemSegment.capacity
    // Where the SMILES of each segment begin.
    var starts: [Int] = []
    var place = 0
    for (row, length) in lengths.enumerated() {
      if row % ItemSegment.capacity == 0 { starts.append(place) }
      place += max(0, Int(length))
    }
    return Parallel.map(count, by: 1) { number in
      var segment = ItemSegment()
      var byte = starts[number]
      let first = number * ItemSegment.capacity
      for row in first..<min(first + ItemSegment.capacity, ids.count) {
        segment.append(item(row, at: byte))
        byte += max(0, Int(lengths[row]))
      }
      return segment
    }
  }

  private func item(_ row: Int, at byte: Int) -> StoredItem {
    func part<Value>(_ values: [Value], _ width: Int) -> [Value] {
      Array(values[row * width..<(row + 1) * width])
    }
    let length = Int(lengths[row])
    return StoredItem(
      id: ids[row], corpus: corpora[row],
      smiles: length < 0 ? nil : String(decoding: smiles[byte..<byte + length], as: UTF8.self),
      hasText: flags[row] & 1 != 0, updatedAt: updatedAt[row],
      descriptors: flags[row] & 2 == 0 ? nil : part(descriptors, Self.descriptorCount),
      fingerprint: flags[row] & 4 == 0 ? nil : part(fingerprints, Self.fingerprintWords),
      screen: part(screens, Self.screenWords))
  }
}

extension ItemTableEditor {
  /// Starts from segments without deleted rows.
  init(_ segments: [ItemSegment]) {
    self.init()
    reserveCapacity(segments.reduce(0) { $0 + $1.count })
    for segment in segments { take(segment) }
  }
}
