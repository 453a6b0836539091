import CKernels

/// Rows of packed bits, each of the same number of 64-bit words; row-major.
public struct BitMatrix: Sendable, Equatable {
  /// 64-bit words in each row.
  public let wordsPerRow: Int
  /// Number of rows.
  public private(set) var rows = 0
  /// All rows one after the other; `rows * wordsPerRow` words.
  public private(set) var words: [UInt64] = []

  /// No rows; `wordsPerRow` is at least 1.
  public init(wordsPerRow: Int) {
    precondition(wordsPerRow > 0, "rows of \(wordsPerRow) words")
    self.wordsPerRow = wordsPerRow
  }

  /// Adds a row of ``wordsPerRow`` words.
  public mutating func append(_ row: [UInt64]) {
    precondition(row.count == wordsPerRow, "a row of \(row.count) words, not \(wordsPerRow)")
    words.append(contentsOf: row)
    rows += 1
  }

  /// Asks for room for a number of rows in all.
  public mutating func reserve(rows: Int) { words.reserveCapacity(rows * wordsPerRow) }

  /// How many bits of `query` are set in each of some consecutive rows; [range.count].
  ///
  /// Runs on the calling thread: the caller owns the blocks. O(rows · wordsPerRow).
  public func overlaps(with query: [UInt64], rows range: Range<Int>) -> [UInt32] {
    precondition(query.count == wordsPerRow, "\(query.count) words, rows of \(wordsPerRow)")
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(range) of \(rows) rows")
    return unsafe [UInt32](unsafeUninitializedCapacity: range.count) { target, count in
      unsafe words.withUnsafeBufferPointer { words in
        unsafe query.withUnsafeBufferPointer { query in
          guard let target = target.baseAddress, let base = words.baseAddress,
            let query = query.baseAddress
          else { return }
          unsafe lig_bit_overlaps(
            target, query, base + range.lowerBound * wordsPerRow, range.count, wordsPerRow)
        }
      }
      count = range.count
    }
  }
}
