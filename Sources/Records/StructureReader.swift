/// Reads the records of a structure-data file (SDF) in bounded memory.
///
/// "CTfile Formats" (BIOVIA 2020), chapter "SDfiles": molfile, data items `> <name>` with lines up
/// to an empty one, `$$$$`. Lines end in `\n` or `\r\n`; the last `$$$$` may be missing; what
/// follows a bad record is read as if it had been good. The molfiles themselves are not looked
/// into.
public final class StructureReader {
  /// The path as the caller gave it; `-` is standard input.
  public let path: String
  private let input: ByteInput
  private var scanner: RowScanner
  private let maximumRecordBytes: Int
  private var count = 0

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzip; `-` reads standard input.
  ///   - maximumRecordBytes: longer records are passed over and come with a problem.
  /// - Throws: ``RecordsError`` when the file cannot be opened or read.
  public convenience init(
    path: String, maximumRecordBytes: Int = RecordReader.defaultMaximumRowBytes
  ) throws(RecordsError) {
    try self.init(path: path, maximumRecordBytes: maximumRecordBytes, blockBytes: 1 << 20)
  }

  /// Reads in blocks of a given size, at least 4 bytes.
  package init(path: String, maximumRecordBytes: Int, blockBytes: Int) throws(RecordsError) {
    self.path = path
    self.maximumRecordBytes = maximumRecordBytes
    input = try ByteInput(path: path)
    scanner = try RowScanner(
      input: input, maximumRowBytes: maximumRecordBytes, blockBytes: blockBytes)
  }

  /// How many bytes of the file as stored were read; for a plain file those of whole lines only.
  public var bytesRead: Int { input.isGzip ? input.storedBytesRead : scanner.byteOffset }

  /// The size of the file as stored; nil where it is not known, as for standard input.
  public var totalBytes: Int? { input.totalBytes }

  /// The next record, nil at the end.
  ///
  /// - Throws: ``RecordsError`` when the file cannot be read on or is damaged.
  public func next() throws(RecordsError) -> StructureRecord? {
    var draft = StructureDraft(line: scanner.line, byteOffset: scanner.byteOffset)
    var bytes = 0
    while let row = try scanner.nextLine() {
      let line = scanner.bytes[row.range]
      if line.starts(with: Self.separator) {
        return finished(draft)
      }
      bytes += row.range.count + 1
      if row.problem != nil || bytes > maximumRecordBytes {
        draft.isTooLong = true
      } else {
        draft.take(line)
      }
    }
    return draft.isBlank ? nil : finished(draft)
  }

  private static let separator = Array("$$$$".utf8)

  private func finished(_ draft: StructureDraft) -> StructureRecord {
    count += 1
    return draft.record(number: count, limit: maximumRecordBytes)
  }
}

/// A record whose lines are still coming.
private struct StructureDraft {
  private enum Part { case molfile, betweenItems, item }

  let line: Int
  let byteOffset: Int
  var isTooLong = false
  private var part = Part.molfile
  private var lines = 0
  private var molfile: [UInt8] = []
  private var items: [StructureRecord.Item] = []
  private var name = ""
  private var value: [UInt8] = []
  private var problem: RecordProblem?

  init(line: Int, byteOffset: Int) {
    self.line = line
    self.byteOffset = byteOffset
  }

  /// Whether nothing but empty lines came: the end of a file, not a record.
  var isBlank: Bool { !isTooLong && items.isEmpty && molfile.allSatisfy { $0 == 10 || $0 == 32 } }

  mutating func take(_ line: ArraySlice<UInt8>) {
    lines += 1
    switch part {
    case .molfile:
      // The header may hold any text.
      if lines > 4, line.first == UInt8(ascii: ">") {
        openItem(line)
        return
      }
      molfile += line
      molfile.append(UInt8(ascii: "\n"))
      if lines > 4, line.starts(with: "M  END".utf8) { part = .betweenItems }
    case .betweenItems:
      if line.first == UInt8(ascii: ">") {
        openItem(line)
      } else if !line.isEmpty, problem == nil {
        let found = String(decoding: line.prefix(60), as: UTF8.self)
        problem = RecordProblem(expected: "a data item or $$$$", found: "'\(found)'")
      }
    case .item:
      if line.isEmpty {
        closeItem()
        part = .betweenItems
        return
      }
      if !value.isEmpty { value.append(UInt8(ascii: "\n")) }
      value += line
    }
  }

  /// `> <name>`, `> 25 <name> (registry)`, `> DT12`.
  private mutating func openItem(_ line: ArraySlice<UInt8>) {
    part = .item
    value = []
    let header = line.dropFirst()
    if let open = header.firstIndex(of: UInt8(ascii: "<")),
      let close = header.lastIndex(of: UInt8(ascii: ">")), close > open
    {
      name = String(decoding: header[(open + 1)..<close], as: UTF8.self)
    } else {
      name = String(decoding: header.drop { $0 == 32 }, as: UTF8.self)
    }
  }

  private mutating func closeItem() {
    items.append(.init(name: name, value: String(decoding: value, as: UTF8.self)))
  }

  func record(number: Int, limit: Int) -> StructureRecord {
    var copy = self
    if part == .item { copy.closeItem() }
    let reason =
      isTooLong
      ? RecordProblem(expected: "at most \(limit) bytes in a record", found: "more") : problem
    return StructureRecord(
      number: number, line: line, byteOffset: byteOffset, molfile: copy.molfile,
      items: copy.items, problem: reason)
  }
}
