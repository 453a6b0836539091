/// Cuts a byte stream into rows: lines, or for CSV lines joined where a quote is open.
///
/// Memory is bounded by the longest allowed row and one block.
struct RowScanner {
  /// One row, without its line end, as a range of ``RowScanner/bytes``.
  struct Row {
    var range: Range<Int>
    var line: Int
    var byteOffset: Int
    /// Why the row cannot be split, if so.
    var problem: RowProblem?
    /// The beginning of a row that was too long to keep; `range` is empty then.
    var beginning: [UInt8]?
  }

  private enum State {
    case fieldStart, plain, quoted, quoteInQuoted
  }

  private let input: ByteInput
  private let maximumRowBytes: Int
  /// The unread bytes are `bytes[start..<end]`; a row stays valid until the next one is asked for.
  private(set) var bytes: [UInt8]
  private var start = 0
  private var end = 0
  /// Where `bytes[0]` stands in the uncompressed stream.
  private var offsetOfFirstByte = 0
  /// The line on which the next row begins.
  private(set) var line = 1

  /// Where the next row begins, in bytes of the uncompressed stream.
  var byteOffset: Int { offsetOfFirstByte + start }

  init(input: ByteInput, maximumRowBytes: Int, blockBytes: Int) throws(RecordsError) {
    self.input = input
    self.maximumRowBytes = maximumRowBytes
    bytes = [UInt8](repeating: 0, count: blockBytes)
    while end < 3, try fill() {}
    if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { start = 3 }
  }

  /// The next row, `nil` at the end.
  mutating func nextLine() throws(RecordsError) -> Row? {
    guard let length = try lineLength() else { return nil }
    guard length <= maximumRowBytes else { return try discardLongLine() }
    return takeRow(length: length, lines: 1)
  }

  /// The next row of CSV, `nil` at the end.
  ///
  /// Where quoting is wrong, or a quote never closes, the row is the first line alone and reading
  /// goes on behind that line, so that one stray quote costs one line.
  mutating func nextQuotedRow() throws(RecordsError) -> Row? {
    var state = State.fieldStart
    var cursor = 0
    var lines = 1
    while true {
      guard cursor <= maximumRowBytes else {
        return try takeFirstLine(found: "a row of more than \(maximumRowBytes) bytes")
      }
      if start + cursor == end, try !fill() {
        if cursor == 0 { return nil }
        if state == .quoted { return try takeFirstLine(found: "a quote that never closes") }
        return takeRow(length: cursor, lines: lines)
      }
      let byte = bytes[start + cursor]
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
      case (.quoted, UInt8(ascii: "\n")): lines += 1
      case (.quoted, _): break
      case (_, UInt8(ascii: "\n")):
        return takeRow(length: cursor, lines: lines)
      case (_, UInt8(ascii: ",")): state = .fieldStart
      case (.fieldStart, UInt8(ascii: "\"")), (.quoteInQuoted, UInt8(ascii: "\"")): state = .quoted
      case (.plain, UInt8(ascii: "\"")):
        return try takeFirstLine(found: "a quote inside a field that does not begin with one")
      case (.quoteInQuoted, UInt8(ascii: "\r")): break
      case (.quoteInQuoted, _):
        return try takeFirstLine(found: "more characters behind a closing quote")
      default: state = .plain
      }
      cursor += 1
    }
  }

  /// The next line that is not empty, at most `maximum` of its bytes, without taking it.
  mutating func peekLine(maximum: Int) throws(RecordsError) -> [UInt8]? {
    while let length = try lineLength() {
      let line = bytes[start..<start + length]
      let isEmpty = line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")])
      guard isEmpty else {
        let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        return Array(content.prefix(maximum))
      }
      _ = takeRow(length: length, lines: 1)
    }
    return nil
  }

  private mutating func takeFirstLine(found: String) throws(RecordsError) -> Row? {
    guard var row = try nextLine() else { return nil }
    if row.problem == nil {
      row.problem = RowProblem(expected: "quoting as in RFC 4180", found: found)
    }
    return row
  }

  private mutating func takeRow(length: Int, lines: Int) -> Row {
    var row = Row(range: start..<start + length, line: line, byteOffset: byteOffset)
    if length > 0, bytes[start + length - 1] == UInt8(ascii: "\r") {
      row.range = start..<start + length - 1
    }
    start = min(start + length + 1, end)
    line += lines
    return row
  }

  /// The length of the line at `start`, or of what was looked at when that exceeds the limit.
  private mutating func lineLength() throws(RecordsError) -> Int? {
    var cursor = 0
    while true {
      if let found = firstLineEnd(from: start + cursor) { return found - start }
      cursor = end - start
      if cursor > maximumRowBytes { return cursor }
      if try !fill() { return cursor == 0 ? nil : cursor }
    }
  }

  private func firstLineEnd(from index: Int) -> Int? {
    let span = bytes.span
    var index = index
    while index < end {
      if span[index] == UInt8(ascii: "\n") { return index }
      index += 1
    }
    return nil
  }

  /// Drops the rest of a line that is too long.
  private mutating func discardLongLine() throws(RecordsError) -> Row {
    var row = Row(range: start..<start, line: line, byteOffset: byteOffset)
    row.beginning = Array(bytes[start..<end].prefix(RecordReader.maximumRawBytes))
    var lineEnd = firstLineEnd(from: start)
    while lineEnd == nil {
      start = end
      if try !fill() { break }
      lineEnd = firstLineEnd(from: start)
    }
    let length = offsetOfFirstByte + (lineEnd ?? end) - row.byteOffset
    start = lineEnd.map { $0 + 1 } ?? end
    line += 1
    row.range = start..<start
    row.problem = RowProblem(
      expected: "at most \(maximumRowBytes) bytes in a row", found: "\(length) bytes")
    return row
  }

  /// Reads more behind the unread bytes, moving or growing as needed; false at the end.
  private mutating func fill() throws(RecordsError) -> Bool {
    if end == bytes.count {
      if start > bytes.count / 2 {
        bytes.replaceSubrange(0..<end - start, with: bytes[start..<end])
      } else {
        bytes.removeSubrange(0..<start)
        bytes += [UInt8](repeating: 0, count: max(bytes.count, 64))
      }
      offsetOfFirstByte += start
      end -= start
      start = 0
    }
    let count = try input.read(into: &bytes, from: end)
    end += count
    return count > 0
  }
}
