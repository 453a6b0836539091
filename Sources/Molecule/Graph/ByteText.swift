/// Bytes of a text under construction; one owner, so that appending costs a comparison.
struct ByteText: ~Copyable {
  private var bytes: FixedArray<UInt8>
  private(set) var count = 0

  init(capacity: Int) {
    bytes = FixedArray(repeating: 0, count: max(capacity, 16))
  }

  var isEmpty: Bool { count == 0 }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == bytes.count { grow() }
    bytes[count] = byte
    count += 1
  }

  mutating func append(contentsOf text: some Sequence<UInt8>) {
    for byte in text { append(byte) }
  }

  private mutating func grow() {
    let larger = FixedArray<UInt8>(repeating: 0, count: 2 * bytes.count)
    for index in 0..<count { larger[index] = bytes[index] }
    bytes = larger
  }

  /// The bytes so far.
  borrowing func array() -> [UInt8] { bytes.array(first: count) }
}
