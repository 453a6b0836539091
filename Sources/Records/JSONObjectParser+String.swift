extension JSONObjectParser {
  /// Parses from the opening quote to behind the closing one.
  mutating func parseString() throws(RowProblem) -> String {
    let start = index
    index += 1
    var content: [UInt8] = []
    var copied = index
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw unexpected("control characters escaped") }
      if byte == UInt8(ascii: "\\") {
        content += bytes[copied..<index]
        index += 1
        content += try parseEscape().utf8
        copied = index
      } else {
        index += 1
      }
    }
    guard current != nil else { throw unexpected("a closing quote") }
    content += bytes[copied..<index]
    index += 1
    do throws(UTF8.ValidationError) {
      return String(copying: try UTF8Span(validating: content.span))
    } catch {
      throw RowProblem(
        expected: "UTF-8",
        found: "other bytes in the string at byte \(start - range.lowerBound)")
    }
  }

  /// Parses what follows a backslash.
  private mutating func parseEscape() throws(RowProblem) -> Unicode.Scalar {
    if let byte = current, let scalar = Self.shortEscape(byte) {
      index += 1
      return scalar
    }
    let start = index
    var value = try parseCodeUnit()
    if (0xD800..<0xDC00).contains(value), current == UInt8(ascii: "\\") {
      index += 1
      let low = try parseCodeUnit()
      if (0xDC00..<0xE000).contains(low) {
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
    }
    guard let scalar = Unicode.Scalar(value) else {
      index = start
      throw unexpected("surrogates in pairs")
    }
    return scalar
  }

  private static func shortEscape(_ byte: UInt8) -> Unicode.Scalar? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(byte)
    case UInt8(ascii: "b"): "\u{08}"
    case UInt8(ascii: "f"): "\u{0C}"
    case UInt8(ascii: "n"): "\n"
    case UInt8(ascii: "r"): "\r"
    case UInt8(ascii: "t"): "\t"
    default: nil
    }
  }

  /// Parses `uXXXX`.
  private mutating func parseCodeUnit() throws(RowProblem) -> UInt32 {
    guard current == UInt8(ascii: "u") else { throw unexpected("a known escape") }
    index += 1
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
