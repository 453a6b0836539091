/// Sorts identifiers by their lowest bytes, least significant first; keeps its storage.
///
/// O(n) for a fixed number of bits: one counting pass for all bytes, then one distribution pass
/// for each byte in which the identifiers differ (Knuth, The Art of Computer Programming 3,
/// section 5.2.5).
struct IdentifierSort {
  private var target: [UInt64] = []
  private var starts = [Int32](repeating: 0, count: 256 * 8)

  /// Sorts `values`, none of which exceeds `bits` bits.
  mutating func sort(_ values: inout [UInt64], bits: Int) {
    let count = values.count
    guard count > 1 else { return }
    if count < 24 {
      Self.insertionSort(&values)
      return
    }
    if target.count < count { target = [UInt64](repeating: 0, count: max(256, 2 * count)) }
    let bytes = (bits + 7) / 8
    countBytes(values, bytes: bytes)
    for byte in 0..<bytes {
      let shift = UInt64(8 * byte)
      if starts[256 * byte + Int(values[0] >> shift & 255)] == Int32(count) { continue }
      prefixSums(byte)
      Self.distribute(&values, &target, &starts, byte: byte)
    }
  }

  /// Sorts 32-bit values that are spread evenly, as hashes are.
  ///
  /// One distribution by the upper byte, then insertion; values that are not spread go to
  /// ``sort(_:bits:)``. O(n) expected.
  mutating func sortHashes(_ values: inout [UInt64]) {
    let count = values.count
    guard count >= 24, count <= 512 else { return sort(&values, bits: 32) }
    if target.count < count { target = [UInt64](repeating: 0, count: max(256, 2 * count)) }
    Self.countUpperBytes(values, &starts)
    prefixSums(0)
    Self.distributeByUpperByte(&values, &target, &starts)
    if !Self.finish(&values, steps: 16 * count) { sort(&values, bits: 32) }
  }

  private static func countUpperBytes(_ values: [UInt64], _ starts: inout [Int32]) {
    var table = starts.mutableSpan
    for slot in 0..<256 { table[slot] = 0 }
    for value in values { table[Int(value >> 24)] += 1 }
  }

  private static func distributeByUpperByte(
    _ values: inout [UInt64], _ target: inout [UInt64], _ starts: inout [Int32]
  ) {
    let count = values.count
    var table = starts.mutableSpan
    var sorted = target.mutableSpan
    var source = values.mutableSpan
    for index in 0..<count {
      let value = source[index]
      let slot = Int(value >> 24)
      sorted[Int(table[slot])] = value
      table[slot] += 1
    }
    for index in 0..<count { source[index] = sorted[index] }
  }

  /// Insertion sort that gives up after a number of moves.
  private static func finish(_ values: inout [UInt64], steps: Int) -> Bool {
    var span = values.mutableSpan
    var remaining = steps
    for index in 1..<span.count {
      let value = span[index]
      var place = index
      while place > 0, span[place - 1] > value {
        span[place] = span[place - 1]
        place -= 1
      }
      span[place] = value
      remaining -= index - place
      if remaining < 0 { return false }
    }
    return true
  }

  private mutating func countBytes(_ values: [UInt64], bytes: Int) {
    var table = starts.mutableSpan
    for slot in 0..<256 * bytes { table[slot] = 0 }
    for value in values {
      var rest = value
      for byte in 0..<bytes {
        table[256 * byte + Int(rest & 255)] += 1
        rest >>= 8
      }
    }
  }

  private mutating func prefixSums(_ byte: Int) {
    var table = starts.mutableSpan
    var sum: Int32 = 0
    for slot in 256 * byte..<256 * byte + 256 {
      let count = table[slot]
      table[slot] = sum
      sum += count
    }
  }

  private static func distribute(
    _ values: inout [UInt64], _ target: inout [UInt64], _ starts: inout [Int32], byte: Int
  ) {
    let shift = UInt64(8 * byte)
    let count = values.count
    var table = starts.mutableSpan
    var sorted = target.mutableSpan
    var source = values.mutableSpan
    for index in 0..<count {
      let value = source[index]
      let slot = 256 * byte + Int(value >> shift & 255)
      sorted[Int(table[slot])] = value
      table[slot] += 1
    }
    for index in 0..<count { source[index] = sorted[index] }
  }

  private static func insertionSort(_ values: inout [UInt64]) {
    var span = values.mutableSpan
    for index in 1..<span.count {
      let value = span[index]
      var place = index
      while place > 0, span[place - 1] > value {
        span[place] = span[place - 1]
        place -= 1
      }
      span[place] = value
    }
  }
}
