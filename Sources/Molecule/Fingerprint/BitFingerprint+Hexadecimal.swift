extension BitFingerprint {
  /// Two hexadecimal digits for each eight bits, bits 0–7 first, the lowest bit of a byte for the
  /// lowest of them: the order of chemfp's FPS format.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((size + 7) / 8 * 2)
    for place in 0..<(size + 7) / 8 {
      let byte = Int(truncatingIfNeeded: words[place / 8] >> UInt64(place % 8 * 8)) & 255
      text.append(digits[byte >> 4])
      text.append(digits[byte & 15])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
