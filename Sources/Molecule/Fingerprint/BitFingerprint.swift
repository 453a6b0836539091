/// A fixed number of bits, packed into 64-bit words.
public struct BitFingerprint: Sendable, Hashable {
  /// Number of bits, at least 1.
  public let size: Int
  /// Bit i is bit i mod 64 of word i / 64; bits past ``size`` are 0.
  public private(set) var words: [UInt64]

  /// No bit set.
  public init(size: Int) {
    precondition(size > 0, "a fingerprint of \(size) bits")
    self.size = size
    words = [UInt64](repeating: 0, count: (size + 63) / 64)
  }

  /// Takes packed words as they are stored.
  public init(size: Int, words: [UInt64]) {
    precondition(size > 0 && words.count == (size + 63) / 64, "\(words.count) words, \(size) bits")
    precondition(
      size % 64 == 0 || words[words.count - 1] >> UInt64(size % 64) == 0, "a bit past \(size)")
    self.size = size
    self.words = words
  }

  /// Sets a bit.
  public mutating func insert(_ bit: Int) {
    precondition(bit >= 0 && bit < size, "bit \(bit) of \(size)")
    words[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  /// Whether a bit is set.
  public func contains(_ bit: Int) -> Bool {
    precondition(bit >= 0 && bit < size, "bit \(bit) of \(size)")
    return words[bit >> 6] >> UInt64(bit & 63) & 1 == 1
  }

  /// Number of set bits.
  public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The set bits, ascending.
  public var setBits: [Int] {
    var found: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        found.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return found
  }
}
