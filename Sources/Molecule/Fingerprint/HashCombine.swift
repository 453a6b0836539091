/// The 32-bit mixing step that RDKit's fingerprints use, so that identifiers are the same numbers.
///
/// `seed ^= value + 0x9e3779b9 + (seed << 6) + (seed >> 2)`, the formula of Boost's `hash_combine`
/// (Boost.ContainerHash 1.80 and earlier, reference section), over 32-bit unsigned integers.
struct HashCombine {
  private(set) var value: UInt32

  init(_ seed: UInt32 = 0) { value = seed }

  mutating func add(_ other: UInt32) {
    value ^= other &+ 0x9e37_79b9 &+ (value << 6) &+ (value >> 2)
  }

  /// Adds a pair as one value.
  mutating func add(_ first: UInt32, _ second: UInt32) {
    var pair = HashCombine()
    pair.add(first)
    pair.add(second)
    add(pair.value)
  }
}
