/// One line of an OBO stanza: a tag and its value.
///
/// "OBO Flat File Format 1.4 Syntax and Semantics", section 2: `tag: value {qualifiers} ! comment`,
/// with quoted strings and backslash escapes.
struct OBOClause {
  let tag: String
  /// What stands behind the colon, without qualifiers and comment; escapes as they are.
  private let value: [Character]

  /// Splits a line; nil when it has no tag.
  init?(_ line: String) {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    tag = String(line[..<colon])
    guard !tag.isEmpty, tag.utf8.allSatisfy(Self.belongsToTag) else { return nil }
    value = Self.withoutTail(Array(line[line.index(after: colon)...]))
  }

  private static func belongsToTag(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// The value as text, escapes undone.
  var text: String { Self.unescaped(value[...]) }

  /// The value's words, escapes undone.
  var words: [String] {
    value.split(whereSeparator: \.isWhitespace).map(Self.unescaped)
  }

  /// The first quoted string, escapes undone, and the words on both sides; nil without one.
  var quoted: (before: [String], text: String, after: [String])? {
    guard let open = value.firstIndex(of: "\"") else { return nil }
    var index = open + 1
    while index < value.count, value[index] != "\"" {
      index += value[index] == "\\" ? 2 : 1
    }
    guard index < value.count else { return nil }
    func words(_ part: ArraySlice<Character>) -> [String] {
      part.split(whereSeparator: \.isWhitespace).map(Self.unescaped)
    }
    return (
      words(value[..<open]), Self.unescaped(value[(open + 1)..<index]),
      words(value[(index + 1)...])
    )
  }

  /// Cuts off a comment and trailing qualifiers, both only outside quotes, and spaces at the ends.
  private static func withoutTail(_ line: [Character]) -> [Character] {
    var isQuoted = false
    var end = line.count
    var qualifiers: Int?
    var index = 0
    while index < line.count {
      switch line[index] {
      case "\\": index += 1
      case "\"": isQuoted.toggle()
      case "!" where !isQuoted && (index == 0 || line[index - 1].isWhitespace):
        end = index
        index = line.count
      case "{" where !isQuoted && index > 0 && line[index - 1].isWhitespace:
        qualifiers = index
      default: break
      }
      index += 1
    }
    var value = line[..<min(end, line.count)]
    if let qualifiers, let last = value.lastIndex(where: { !$0.isWhitespace }), value[last] == "}" {
      value = value[..<qualifiers]
    }
    value = value.drop(while: \.isWhitespace)
    while let last = value.last, last.isWhitespace { value.removeLast() }
    return Array(value)
  }

  private static func unescaped(_ characters: ArraySlice<Character>) -> String {
    var result = ""
    var isEscaped = false
    for character in characters {
      guard isEscaped else {
        if character == "\\" { isEscaped = true } else { result.append(character) }
        continue
      }
      isEscaped = false
      switch character {
      case "n", "W", "t": result.append(" ")
      default: result.append(character)
      }
    }
    return result
  }
}
