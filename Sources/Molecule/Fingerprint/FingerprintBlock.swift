import Tensor

/// Many bit fingerprints of one size, side by side for comparison with one query.
public struct FingerprintBlock: Sendable, Equatable {
  /// Number of bits of each fingerprint.
  public let size: Int
  private var bits: BitMatrix
  private var populations: [Int32] = []

  /// An empty block for fingerprints of `size` bits.
  public init(size: Int) {
    precondition(size > 0, "fingerprints of \(size) bits")
    self.size = size
    bits = BitMatrix(wordsPerRow: (size + 63) / 64)
  }

  /// Number of fingerprints.
  public var count: Int { populations.count }

  /// Adds a fingerprint of ``size`` bits.
  public mutating func append(_ fingerprint: BitFingerprint) {
    precondition(fingerprint.size == size, "\(fingerprint.size) bits in a block of \(size)")
    bits.append(fingerprint.words)
    populations.append(Int32(fingerprint.population))
  }

  /// Asks for room for a number of fingerprints in all.
  public mutating func reserve(_ count: Int) {
    bits.reserve(rows: count)
    populations.reserveCapacity(count)
  }

  /// The fingerprint at a place, 0..<count.
  public subscript(_ index: Int) -> BitFingerprint {
    let width = bits.wordsPerRow
    return BitFingerprint(size: size, words: Array(bits.words[index * width..<(index + 1) * width]))
  }

  /// Similarity of the query to each fingerprint, in order.
  ///
  /// The query is the left one of a Tversky measure. Runs on the calling thread;
  /// O(count · size / 64).
  public func similarities(
    to query: BitFingerprint, by measure: Similarity = .tanimoto
  ) -> [Double] {
    similarities(to: query, by: measure, in: 0..<count)
  }

  /// As above for the fingerprints of a range, so that threads can share a block.
  public func similarities(
    to query: BitFingerprint, by measure: Similarity = .tanimoto, in range: Range<Int>
  ) -> [Double] {
    precondition(query.size == size, "\(query.size) bits against a block of \(size)")
    let left = query.population
    let shared = bits.overlaps(with: query.words, rows: range)
    return range.indices.map { index in
      measure.value(
        left: left, right: Int(populations[index]), shared: Int(shared[index - range.lowerBound]))
    }
  }
}
