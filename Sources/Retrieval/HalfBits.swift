/// Questions about the bit pattern of a 16-bit float (IEEE 754 binary16).
enum HalfBits {
  /// The largest finite value.
  static let greatestFinite: Float = 65_504

  /// Whether the exponent is all ones: an infinity or not a number.
  static func isNotFinite(_ bits: UInt16) -> Bool {
    bits & 0x7c00 == 0x7c00
  }
}
