/// A value of a record in JSON.
enum JSONValue: Hashable {
  case null
  case string(String)
  /// As spelled.
  case number(String)
  case boolean(Bool)
  /// An array or object, as spelled.
  case composite(String)

  var name: String {
    switch self {
    case .null: "null"
    case .string: "a string"
    case .number: "a number"
    case .boolean: "a boolean"
    case .composite: "an array or object"
    }
  }

  var spelling: String {
    switch self {
    case .null: "null"
    case .string(let text), .number(let text), .composite(let text): text
    case .boolean(let value): value ? "true" : "false"
    }
  }
}

/// Parses one JSON object (RFC 8259) that fills a range of bytes.
///
/// Offsets in its errors count from the beginning of that range.
struct JSONObjectParser {
  /// Arrays and objects may nest this deep.
  static let maximumDepth = 64

  let bytes: [UInt8]
  let range: Range<Int>
  var index: Int

  init(bytes: [UInt8], range: Range<Int>) {
    self.bytes = bytes
    self.range = range
    index = range.lowerBound
  }

  /// The next byte, `nil` at the end.
  var current: UInt8? { index < range.upperBound ? bytes[index] : nil }

  /// The members in their order; each key once.
  mutating func parseObject() throws(RowProblem) -> [(key: String, value: JSONValue)] {
    skipSpace()
    guard current == UInt8(ascii: "{") else { throw unexpected("an object") }
    let members = try parseMembers(depth: 1)
    skipSpace()
    guard current == nil else { throw unexpected("nothing behind the object") }
    return members
  }

  private mutating func parseMembers(depth: Int) throws(RowProblem)
    -> [(key: String, value: JSONValue)]
  {
    var members: [(key: String, value: JSONValue)] = []
    var keys: Set<String> = []
    try parseList(until: UInt8(ascii: "}")) { parser throws(RowProblem) in
      let start = parser.index
      guard parser.current == UInt8(ascii: "\"") else { throw parser.unexpected("a key") }
      let key = try parser.parseString()
      guard keys.insert(key).inserted else {
        throw RowProblem(
          field: key, expected: "each key once",
          found: "this key again at byte \(start - parser.range.lowerBound)")
      }
      parser.skipSpace()
      guard parser.current == UInt8(ascii: ":") else { throw parser.unexpected("a colon") }
      parser.index += 1
      parser.skipSpace()
      members.append((key, try parser.parseValue(depth: depth)))
    }
    return members
  }

  private mutating func parseValue(depth: Int) throws(RowProblem) -> JSONValue {
    let start = index
    switch current {
    case UInt8(ascii: "\""):
      return .string(try parseString())
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      try parseNumber()
      return .number(spelling(from: start))
    case UInt8(ascii: "t"):
      try parseWord("true")
      return .boolean(true)
    case UInt8(ascii: "f"):
      try parseWord("false")
      return .boolean(false)
    case UInt8(ascii: "n"):
      try parseWord("null")
      return .null
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.maximumDepth else {
        throw unexpected("at most \(Self.maximumDepth) nested values")
      }
      if current == UInt8(ascii: "{") {
        _ = try parseMembers(depth: depth + 1)
      } else {
        try parseList(until: UInt8(ascii: "]")) { parser throws(RowProblem) in
          _ = try parser.parseValue(depth: depth + 1)
        }
      }
      return .composite(spelling(from: start))
    default:
      throw unexpected("a value")
    }
  }

  /// Parses elements between commas, from the opening bracket to behind the closing one.
  private mutating func parseList(
    until close: UInt8, element: (inout JSONObjectParser) throws(RowProblem) -> Void
  ) throws(RowProblem) {
    index += 1
    skipSpace()
    if current == close {
      index += 1
      return
    }
    while true {
      try element(&self)
      skipSpace()
      let byte = current
      guard byte == UInt8(ascii: ",") || byte == close else {
        throw unexpected("a comma or \(Character(Unicode.Scalar(close)))")
      }
      index += 1
      if byte == close { return }
      skipSpace()
    }
  }

  private mutating func parseNumber() throws(RowProblem) {
    if current == UInt8(ascii: "-") { index += 1 }
    if current == UInt8(ascii: "0") { index += 1 } else { try parseDigits() }
    if current == UInt8(ascii: ".") {
      index += 1
      try parseDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      index += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
      try parseDigits()
    }
  }

  private mutating func parseDigits() throws(RowProblem) {
    let start = index
    while let byte = current, byte &- UInt8(ascii: "0") < 10 { index += 1 }
    guard index > start else { throw unexpected("a digit") }
  }

  private mutating func parseWord(_ word: String) throws(RowProblem) {
    for byte in word.utf8 {
      guard current == byte else { throw unexpected(word) }
      index += 1
    }
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      index += 1
    }
  }

  private func spelling(from start: Int) -> String {
    String(decoding: bytes[start..<index], as: UTF8.self)
  }

  func unexpected(_ expected: String) -> RowProblem {
    let place = "at byte \(index - range.lowerBound)"
    guard let current else {
      return RowProblem(expected: "JSON with \(expected)", found: "the end of the row \(place)")
    }
    let character =
      (0x21...0x7E).contains(current)
      ? "\"\(Character(Unicode.Scalar(current)))\"" : "the byte 0x\(String(current, radix: 16))"
    return RowProblem(expected: "JSON with \(expected)", found: "\(character) \(place)")
  }
}
