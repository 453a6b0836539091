/// Lines of a molfile one after another; `\n` and `\r\n` end them.
struct MolfileLines {
  let bytes: [UInt8]
  /// The current line without its end, as a range of ``bytes``.
  private(set) var range = 0..<0
  /// Number of the current line, from 1; 0 before the first.
  private(set) var line = 0
  private var next = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Moves to the next line; false at the end.
  mutating func advance() -> Bool {
    guard next < bytes.count else { return false }
    let start = next
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    next = end + 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    range = start..<end
    line += 1
    return true
  }

  /// Moves on or says what was missing.
  mutating func require(_ expected: String) throws(MolfileError) {
    guard advance() else {
      throw MolfileError(
        .unexpectedEnd, line: line + 1, found: "the end of the text", expected: expected)
    }
  }

  var text: String { String(decoding: bytes[range], as: UTF8.self) }

  func hasPrefix(_ prefix: String) -> Bool {
    range.count >= prefix.utf8.count && bytes[range].starts(with: prefix.utf8)
  }

  /// The byte in a column from 0, a space behind the end.
  func byte(_ column: Int) -> UInt8 {
    column < range.count ? bytes[range.lowerBound + column] : UInt8(ascii: " ")
  }

  /// The columns from 0 that are in the line, without spaces around them.
  func trimmed(_ columns: Range<Int>) -> Range<Int> {
    var start = min(range.lowerBound + columns.lowerBound, range.upperBound)
    var end = min(range.lowerBound + columns.upperBound, range.upperBound)
    while start < end, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
      start += 1
    }
    while end > start, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") {
      end -= 1
    }
    return start..<end
  }

  /// A whole number in fixed columns, from 0; nil when they are blank.
  func integer(_ columns: Range<Int>, _ name: String) throws(MolfileError) -> Int? {
    let field = trimmed(columns)
    guard !field.isEmpty else { return nil }
    guard let value = DecimalText.integer(bytes[field]) else {
      throw bad(columns, expected: "\(name), a whole number")
    }
    return value
  }

  /// A decimal number in fixed columns; 0 when they are blank.
  func decimal(_ columns: Range<Int>, _ name: String) throws(MolfileError) -> Double {
    let field = trimmed(columns)
    guard !field.isEmpty else { return 0 }
    guard let value = DecimalText.decimal(bytes[field]), abs(value) < DecimalText.limit else {
      throw bad(columns, expected: "\(name), a number below \(Int(DecimalText.limit))")
    }
    return value
  }

  func bad(
    _ columns: Range<Int>, _ reason: MolfileError.Reason = .badField, expected: String
  ) -> MolfileError {
    let field = String(decoding: bytes[trimmed(columns)], as: UTF8.self)
    return MolfileError(
      reason, line: line, column: columns.lowerBound + 1,
      found: field.isEmpty ? "nothing" : "'\(field)'", expected: expected)
  }

  func bad(_ reason: MolfileError.Reason = .badField, expected: String) -> MolfileError {
    let start = text.prefix(60)
    return MolfileError(
      reason, line: line, found: start.isEmpty ? "an empty line" : "'\(start)'", expected: expected)
  }
}

/// Numbers as molfiles spell them.
enum DecimalText {
  /// Coordinates lie below this.
  static let limit = 1e9

  /// `[+-]? DIGIT+` of at most nine digits.
  static func integer(_ text: ArraySlice<UInt8>) -> Int? {
    var index = text.startIndex
    var isNegative = false
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      index += 1
    }
    guard index < text.endIndex, text.endIndex - index <= 9 else { return nil }
    var value = 0
    while index < text.endIndex {
      guard case 48...57 = text[index] else { return nil }
      value = value * 10 + Int(text[index]) - 48
      index += 1
    }
    return isNegative ? -value : value
  }

  /// `[+-]? DIGIT* ('.' DIGIT*)?`, or anything else that spells a finite number.
  static func decimal(_ text: ArraySlice<UInt8>) -> Double? {
    var index = text.startIndex
    var isNegative = false
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      index += 1
    }
    guard index < text.endIndex, text.endIndex - index <= 16 else { return spelled(text) }
    var value = 0
    var scale = 1.0
    var hasPoint = false
    var digits = 0
    while index < text.endIndex {
      switch text[index] {
      case 48...57:
        value = value * 10 + Int(text[index]) - 48
        digits += 1
        if hasPoint { scale *= 10 }
      case UInt8(ascii: ".") where !hasPoint: hasPoint = true
      default: return spelled(text)
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    let result = Double(value) / scale
    return isNegative ? -result : result
  }

  private static func spelled(_ text: ArraySlice<UInt8>) -> Double? {
    guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }
}
