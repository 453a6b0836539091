/// The words of one logical V3000 line; parentheses and quotes hold a word together.
struct V3000Words {
  /// The line on which it begins, from 1.
  let line: Int
  private var content: [UInt8] = []
  private var ranges: [Range<Int>] = []

  init(line: Int) {
    self.line = line
  }

  var count: Int { ranges.count }

  mutating func append(_ bytes: ArraySlice<UInt8>) { content += bytes }

  mutating func split() {
    var start = -1
    var depth = 0
    var isQuoted = false
    for (index, byte) in content.enumerated() {
      if byte == UInt8(ascii: "\""), depth == 0 { isQuoted.toggle() }
      if byte == UInt8(ascii: "("), !isQuoted { depth += 1 }
      if byte == UInt8(ascii: ")"), !isQuoted { depth = max(0, depth - 1) }
      let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
      if isSpace, depth == 0, !isQuoted {
        if start >= 0 { ranges.append(start..<index) }
        start = -1
      } else if start < 0 {
        start = index
      }
    }
    if start >= 0 { ranges.append(start..<content.count) }
  }

  func bytes(_ place: Int) -> ArraySlice<UInt8> { content[ranges[place]] }

  func text(_ place: Int) -> String {
    place < count ? String(decoding: bytes(place), as: UTF8.self) : ""
  }

  /// Whether a word is `name`, in any case.
  func matches(at place: Int, _ name: String) -> Bool {
    place < count
      && bytes(place).lazy.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }
        .elementsEqual(name.utf8)
  }

  func matches(_ first: String, _ second: String? = nil) -> Bool {
    matches(at: 0, first) && (second.map { matches(at: 1, $0) } ?? true)
  }

  func integer(_ place: Int, _ name: String) throws(MolfileError) -> Int {
    guard place < count, let value = DecimalText.integer(bytes(place)) else {
      throw bad(place, expected: "\(name), a whole number")
    }
    return value
  }

  func decimal(_ place: Int, _ name: String) throws(MolfileError) -> Double {
    guard place < count, let value = DecimalText.decimal(bytes(place)),
      abs(value) < DecimalText.limit
    else {
      throw bad(place, expected: "\(name), a number below \(Int(DecimalText.limit))")
    }
    return value
  }

  /// The number in `name=number`; nil when the word has another name.
  func value(_ place: Int, _ name: String) throws(MolfileError) -> Int? {
    guard let text = assigned(place, name) else { return nil }
    if let value = DecimalText.integer(text) { return value }
    // Masses may be written as weights.
    guard let value = DecimalText.decimal(text), abs(value) < 1e6 else {
      throw bad(place, expected: "\(name)= with a number")
    }
    return Int(value.rounded(.down))
  }

  /// The numbers in `name=(count number …)`; nil when the word has another name.
  func list(_ place: Int, _ name: String) -> [Int]? {
    guard let text = assigned(place, name), text.first == UInt8(ascii: "("),
      text.last == UInt8(ascii: ")")
    else { return nil }
    let numbers = text.dropFirst().dropLast()
      .split(separator: UInt8(ascii: " ")).compactMap { DecimalText.integer($0) }
    return Array(numbers.dropFirst())
  }

  private func assigned(_ place: Int, _ name: String) -> ArraySlice<UInt8>? {
    let word = bytes(place)
    let length = name.utf8.count
    guard word.count > length, word[word.startIndex + length] == UInt8(ascii: "="),
      word.prefix(length).lazy.map({ $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 })
        .elementsEqual(name.utf8)
    else { return nil }
    return word.dropFirst(length + 1)
  }

  func bad(_ place: Int, expected: String) -> MolfileError {
    let found = place < count ? "'\(text(place))'" : "the end of the line"
    return MolfileError(.badField, line: line, found: found, expected: expected)
  }

  func bad(_ reason: MolfileError.Reason = .badField, expected: String) -> MolfileError {
    MolfileError(
      reason, line: line, found: "'\(String(decoding: content.prefix(60), as: UTF8.self))'",
      expected: expected)
  }
}
