/// A set of row numbers below a bound, one bit each.
///
/// Which rows a search may answer with, or which rows of an index are gone.
public struct RowSet: Sendable, Equatable {
  /// The bound: rows are `0..<count`.
  public let count: Int
  /// 64 rows a word, the lowest bit first; bits from ``count`` on are zero.
  public private(set) var words: [UInt64]

  /// The empty set of rows below `count`.
  public init(count: Int) {
    precondition(count >= 0, "\(count) rows")
    self.count = count
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  /// The rows for which a predicate holds; asked once for each, in order.
  public init(count: Int, where isMember: (Int) throws -> Bool) rethrows {
    self.init(count: count)
    for row in 0..<count where try isMember(row) { words[row >> 6] |= 1 << UInt64(row & 63) }
  }

  /// Wraps ⌈count / 64⌉ words; bits from `count` on are cleared.
  public init(count: Int, words: [UInt64]) {
    precondition(
      count >= 0 && words.count == (count + 63) / 64, "\(words.count) words for \(count) rows")
    self.count = count
    self.words = words
    clearTail()
  }

  /// Adds a row.
  public mutating func insert(_ row: Int) {
    check(row)
    words[row >> 6] |= 1 << UInt64(row & 63)
  }

  /// Takes a row out.
  public mutating func remove(_ row: Int) {
    check(row)
    words[row >> 6] &= ~(1 << UInt64(row & 63))
  }

  /// Whether a row is in the set.
  public func contains(_ row: Int) -> Bool {
    check(row)
    return words[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  /// The number of rows in the set; O(count / 64).
  public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The rows in both sets; both must have the same bound.
  public func intersection(_ other: RowSet) -> RowSet { combined(with: other, &) }

  /// The rows in either set; both must have the same bound.
  public func union(_ other: RowSet) -> RowSet { combined(with: other, |) }

  /// The rows that are not in the set.
  public var complement: RowSet {
    RowSet(count: count, words: words.map { ~$0 })
  }

  /// The rows in the set, ascending.
  public var rows: [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(population)
    forEach { rows.append(Int32($0)) }
    return rows
  }

  /// Calls `body` with every row in the set, ascending.
  public func forEach(_ body: (Int) throws -> Void) rethrows {
    for (place, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        try body(place << 6 | rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
  }

  /// Whether any row of a range is in the set; the range starts at a multiple of 64.
  func meets(_ range: Range<Int>) -> Bool {
    words[range.lowerBound >> 6..<(range.upperBound + 63) >> 6].contains { $0 != 0 }
  }

  /// The same rows below a bound that is not lower.
  func extended(to count: Int) -> RowSet {
    precondition(count >= self.count, "\(count) rows, \(self.count) before")
    let added = [UInt64](repeating: 0, count: (count + 63) / 64 - words.count)
    return RowSet(count: count, words: words + added)
  }

  /// The rows of a range, numbered from 0.
  func slice(_ range: Range<Int>) -> RowSet {
    precondition(range.upperBound <= count, "\(range) of \(count) rows")
    let (skipped, shift) = (range.lowerBound >> 6, UInt64(range.lowerBound & 63))
    let moved = (0..<(range.count + 63) / 64).map { place in
      let low = words[skipped + place] >> shift
      let next = skipped + place + 1
      return shift == 0 || next >= words.count ? low : low | words[next] << (64 - shift)
    }
    return RowSet(count: range.count, words: moved)
  }

  private func combined(with other: RowSet, _ operation: (UInt64, UInt64) -> UInt64) -> RowSet {
    precondition(count == other.count, "\(count) and \(other.count) rows")
    var result = self
    for place in words.indices {
      result.words[place] = operation(words[place], other.words[place])
    }
    return result
  }

  private func check(_ row: Int) {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
  }

  private mutating func clearTail() {
    if count & 63 != 0 { words[words.count - 1] &= 1 << UInt64(count & 63) - 1 }
  }
}
