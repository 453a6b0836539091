/// Hashes structured features to 64-bit keys that never change between versions or platforms.
///
/// The mixing step is the finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable
/// pseudorandom number generators", OOPSLA 2014). Keys are stored in checkpoints, so changing this
/// function is a change of checkpoint format. With 10⁶ distinct features the chance of any
/// collision is about 3 · 10⁻⁸.
public struct FeatureHash: Sendable {
  /// The key of everything combined so far.
  public private(set) var key: UInt64

  /// Starts a key in a name space of its own, so that equal contents of two kinds differ.
  public init(kind: UInt64) {
    key = Self.mix(kind &+ 0x9e37_79b9_7f4a_7c15)
  }

  /// Adds one value; order matters.
  public mutating func combine(_ value: UInt64) {
    key = Self.mix(key &+ 0x9e37_79b9_7f4a_7c15 &+ Self.mix(value))
  }

  /// Adds one signed value; order matters.
  public mutating func combine(_ value: Int) {
    combine(UInt64(bitPattern: Int64(value)))
  }

  /// Adds the UTF-8 bytes of a text, one value each; order matters.
  package mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(UInt64(byte)) }
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
