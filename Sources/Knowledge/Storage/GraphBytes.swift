/// Collects numbers and strings as bytes.
struct GraphBytesWriter {
  private(set) var bytes: [UInt8] = []

  /// A number, seven bits a byte, the lowest first (LEB128).
  mutating func append(_ number: Int) {
    precondition(number >= 0, "\(number) is negative")
    var rest = UInt64(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The number of UTF-8 bytes, then the bytes.
  mutating func append(_ text: String) {
    let utf8 = Array(text.utf8)
    append(utf8.count)
    bytes += utf8
  }
}

/// Reads what ``GraphBytesWriter`` wrote; believes nothing.
struct GraphBytesReader {
  /// What is wrong with the bytes.
  struct Malformed: Error {
    let words: String
  }

  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A count of things that take at least one byte each.
  mutating func count() throws(Malformed) -> Int {
    let value = try number()
    guard value <= UInt64(bytes.count - index) else {
      throw Malformed(
        words: "\(value) things in \(bytes.count - index) bytes, before byte \(index)")
    }
    return Int(value)
  }

  mutating func number(below bound: Int, _ what: String) throws(Malformed) -> Int {
    let value = try number()
    guard value < UInt64(bound) else {
      throw Malformed(words: "\(what) \(value) of \(bound), before byte \(index)")
    }
    return Int(value)
  }

  mutating func string() throws(Malformed) -> String {
    let length = try count()
    guard let text = String(validating: bytes[index..<index + length], as: UTF8.self) else {
      throw Malformed(words: "a string that is not UTF-8 at byte \(index)")
    }
    index += length
    return text
  }

  func finish() throws(Malformed) {
    guard index == bytes.count else {
      throw Malformed(words: "\(bytes.count - index) bytes behind the last edge")
    }
  }

  private mutating func number() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count, shift < 63 {
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Malformed(words: "a number without end at byte \(index)")
  }
}
