extension [UInt8] {
  /// Decodes the character at `index` and steps past it; the bytes must be well-formed UTF-8.
  func decodedScalar(at index: inout Int) -> Unicode.Scalar {
    let lead = self[index]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = length == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<Swift.max(length, 1) {
      value = value << 6 | UInt32(self[index + offset]) & 0x3F
    }
    index += length
    guard let scalar = Unicode.Scalar(value) else {
      preconditionFailure("not UTF-8: code point \(value) before byte \(index)")
    }
    return scalar
  }
}
