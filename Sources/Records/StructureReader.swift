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

  /// The beginning of the line that ends a record.
  static let separator = Array("$$$$".utf8)

  private func finished(_ draft: StructureDraft) -> StructureRecord {
    count += 1
    return draft.record(number: count, limit: maximumRecordBytes)
  }
}
