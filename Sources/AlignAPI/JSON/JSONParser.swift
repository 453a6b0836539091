/// Reads strict JSON (RFC 8259) and knows the byte where it goes wrong.
struct JSONParser {
  /// Arrays and objects may nest this deep.
  static let maximumDepth = 32

  private let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func parseDocument() throws(JSONSyntaxError) -> JSONDocument {
    skipSpace()
    let value = try parseValue(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw unexpected("the end of the text") }
    return value
  }

  /// The byte at `index`; nil at the end.
  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func parseValue(depth: Int) throws(JSONSyntaxError) -> JSONDocument {
    switch current {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "{"):
      try checkDepth(depth)
      return .object(try parseMembers(depth: depth + 1))
    case UInt8(ascii: "["):
      try checkDepth(depth)
      return .array(try parseElements(depth: depth + 1))
    case UInt8(ascii: "t"): return try parse("true", as: .boolean(true))
    case UInt8(ascii: "f"): return try parse("false", as: .boolean(false))
    case UInt8(ascii: "n"): return try parse("null", as: .null)
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      return .number(try parseNumber())
    default: throw unexpected("a value")
    }
  }

  private func checkDepth(_ depth: Int) throws(JSONSyntaxError) {
    guard depth < Self.maximumDepth else {
      throw unexpected("at most \(Self.maximumDepth) values inside one another")
    }
  }

  private mutating func parseElements(depth: Int) throws(JSONSyntaxError) -> [JSONDocument] {
    var elements: [JSONDocument] = []
    try parseList(until: UInt8(ascii: "]")) { parser throws(JSONSyntaxError) in
      elements.append(try parser.parseValue(depth: depth))
    }
    return elements
  }

  private mutating func parseMembers(
    depth: Int
  ) throws(JSONSyntaxError) -> [JSONDocument.Member] {
    var members: [JSONDocument.Member] = []
    try parseList(until: UInt8(ascii: "}")) { parser throws(JSONSyntaxError) in
      guard parser.current == UInt8(ascii: "\"") else { throw parser.unexpected("a name") }
      let name = try parser.parseString()
      parser.skipSpace()
      guard parser.current == UInt8(ascii: ":") else { throw parser.unexpected("':'") }
      parser.index += 1
      parser.skipSpace()
      members.append(.init(name: name, value: try parser.parseValue(depth: depth)))
    }
    return members
  }

  /// From the opening bracket to behind the closing one.
  private mutating func parseList(
    until close: UInt8, element: (inout JSONParser) throws(JSONSyntaxError) -> Void
  ) throws(JSONSyntaxError) {
    index += 1
    skipSpace()
    if current == close {
      index += 1
      return
    }
    while true {
      try element(&self)
      skipSpace()
      switch current {
      case close:
        index += 1
        return
      case UInt8(ascii: ","):
        index += 1
        skipSpace()
      default: throw unexpected("',' or '\(Character(Unicode.Scalar(close)))'")
      }
    }
  }

  private mutating func parse(
    _ word: String, as value: JSONDocument
  ) throws(JSONSyntaxError) -> JSONDocument {
    for byte in word.utf8 {
      guard current == byte else { throw unexpected("'\(word)'") }
      index += 1
    }
    return value
  }

  private mutating func parseNumber() throws(JSONSyntaxError) -> String {
    let start = index
    if current == UInt8(ascii: "-") { index += 1 }
    if current == UInt8(ascii: "0") { index += 1 } else { try skipDigits() }
    if current == UInt8(ascii: ".") {
      index += 1
      try skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      index += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
      try skipDigits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    let start = index
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    guard index > start else { throw unexpected("a digit") }
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      index += 1
    }
  }

  // MARK: Strings

  private mutating func parseString() throws(JSONSyntaxError) -> String {
    let start = index
    index += 1
    var content: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      switch byte {
      case 0..<0x20: throw unexpected("control characters escaped")
      case UInt8(ascii: "\\"): content += Array(String(try parseEscape()).utf8)
      default:
        content.append(byte)
        index += 1
      }
    }
    guard current != nil else { throw unexpected("a closing quote") }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw JSONSyntaxError(offset: start, found: "a string with other bytes", expected: "UTF-8")
    }
    index += 1
    return text
  }

  /// From the backslash to behind the escape.
  private mutating func parseEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = index
    index += 1
    let short: Unicode.Scalar? =
      switch current {
      case UInt8(ascii: "\""): "\""
      case UInt8(ascii: "\\"): "\\"
      case UInt8(ascii: "/"): "/"
      case UInt8(ascii: "b"): "\u{08}"
      case UInt8(ascii: "f"): "\u{0c}"
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "t"): "\t"
      default: nil
      }
    if let short {
      index += 1
      return short
    }
    var value = try parseCodeUnit()
    if (0xd800..<0xdc00).contains(value), current == UInt8(ascii: "\\") {
      index += 1
      let low = try parseCodeUnit()
      // A high and a low surrogate together stand for one scalar (RFC 8259 §7).
      if (0xdc00..<0xe000).contains(low) {
        value = 0x1_0000 + (value - 0xd800) << 10 + (low - 0xdc00)
      }
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw JSONSyntaxError(offset: start, found: "half a surrogate pair", expected: "both halves")
    }
    return scalar
  }

  /// `uXXXX`.
  private mutating func parseCodeUnit() throws(JSONSyntaxError) -> UInt32 {
    guard current == UInt8(ascii: "u") else { throw unexpected("an escape") }
    index += 1
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, byte < 0x80,
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { throw unexpected("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  private func unexpected(_ expected: String) -> JSONSyntaxError {
    let found =
      switch current {
      case nil: "the end of the text"
      case .some(let byte) where (0x21...0x7e).contains(byte):
        "'\(Character(Unicode.Scalar(byte)))'"
      case .some(let byte): "the byte 0x\(String(byte, radix: 16))"
      }
    return JSONSyntaxError(offset: index, found: found, expected: expected)
  }
}
