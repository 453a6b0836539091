/// A space of bond sets over GF(2), kept in echelon form.
struct CycleSpace: ~Copyable {
  private let words: Int
  /// The rows found so far, `words` each.
  private let rows: FixedArray<UInt64>
  /// Row that owns each bond as its lowest one, or -1.
  private let pivot: FixedArray<Int32>
  private let scratch: FixedArray<UInt64>
  private let dimension: Int
  private(set) var rank = 0

  /// Room for `dimension` independent sets of bonds 0..<bondCount.
  init(bondCount: Int, dimension: Int) {
    words = (bondCount + 63) / 64
    self.dimension = dimension
    rows = FixedArray(repeating: 0, count: words * dimension)
    pivot = FixedArray(repeating: -1, count: bondCount)
    scratch = FixedArray(repeating: 0, count: words)
  }

  func contains(_ bonds: some Sequence<Int32>) -> Bool {
    clear()
    for bond in bonds { flip(bond) }
    return reduce() == nil
  }

  func contains(_ bonds: borrowing GrowingArray<Int32>, _ range: Range<Int>) -> Bool {
    clear()
    for place in range { flip(bonds[place]) }
    return reduce() == nil
  }

  /// Adds a set; false when it was in the space already.
  mutating func insert(_ bonds: some Sequence<Int32>) -> Bool {
    clear()
    for bond in bonds { flip(bond) }
    return keepRemainder()
  }

  /// Adds a set; false when it was in the space already.
  mutating func insert(_ bonds: borrowing GrowingArray<Int32>, _ range: Range<Int>) -> Bool {
    clear()
    for place in range { flip(bonds[place]) }
    return keepRemainder()
  }

  private func clear() {
    for word in 0..<words { scratch[word] = 0 }
  }

  @inline(__always)
  private func flip(_ bond: Int32) { scratch[Int(bond) >> 6] ^= 1 << UInt64(bond & 63) }

  private mutating func keepRemainder() -> Bool {
    guard let bit = reduce() else { return false }
    precondition(rank < dimension, "more than \(dimension) independent sets")
    pivot[bit] = Int32(rank)
    for word in 0..<words { rows[rank * words + word] = scratch[word] }
    rank += 1
    return true
  }

  /// Leaves the remainder in `scratch`; its lowest bond, or nil when nothing remains.
  private func reduce() -> Int? {
    for word in 0..<words {
      while scratch[word] != 0 {
        let bit = word << 6 + scratch[word].trailingZeroBitCount
        let row = Int(pivot[bit])
        if row < 0 { return bit }
        for column in word..<words { scratch[column] ^= rows[row * words + column] }
      }
    }
    return nil
  }
}
