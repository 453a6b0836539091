/// Reads records one after another in bounded memory.
///
/// A bad row is returned as a ``RejectedRecord`` and counted; it stops nothing unless reading is
/// strict. Memory stays below two rows of the greatest length and one block.
public final class RecordReader {
  /// The longest row that is read unless the caller says otherwise: 16 MiB.
  public static let defaultMaximumRowBytes = 16 << 20
  /// How much of a bad row is kept for the report.
  static let maximumRawBytes = 4096

  /// What a caller may choose.
  public struct Options: Sendable {
    /// The format, `nil` to tell by extension and header.
    public var format: RecordFormat?
    /// What every record must have besides its id.
    public var required: RequiredFields
    /// Whether the first bad row throws.
    public var isStrict: Bool
    /// The line to begin with, counted from 1; earlier rows are passed over.
    public var firstLine: Int
    /// The longest row that is read, in bytes.
    public var maximumRowBytes: Int

    /// Every choice has a default.
    public init(
      format: RecordFormat? = nil, required: RequiredFields = [], isStrict: Bool = false,
      resumingAt firstLine: Int = 1, maximumRowBytes: Int = RecordReader.defaultMaximumRowBytes
    ) {
      self.format = format
      self.required = required
      self.isStrict = isStrict
      self.firstLine = firstLine
      self.maximumRowBytes = maximumRowBytes
    }
  }

  /// The path as the caller gave it; `-` is standard input.
  public let path: String
  /// The format in use.
  public let format: RecordFormat
  /// How many records were returned.
  public private(set) var recordCount = 0

  let options: Options
  let input: ByteInput
  var scanner: RowScanner
  var columns: [Column] = []
  var fields = FieldSplitter()

  /// Opens a file and reads its header.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzip; `-` reads standard input.
  ///   - options: what the caller chooses.
  /// - Throws: ``RecordsError`` when the file cannot be opened, is empty, or its header lacks a
  ///   column.
  public convenience init(path: String, options: Options = Options()) throws(RecordsError) {
    try self.init(path: path, options: options, blockBytes: 1 << 20)
  }

  /// Reads in blocks of a given size, at least 4 bytes.
  package init(path: String, options: Options, blockBytes: Int) throws(RecordsError) {
    self.path = path
    self.options = options
    input = try ByteInput(path: path)
    scanner = try RowScanner(
      input: input, maximumRowBytes: options.maximumRowBytes, blockBytes: blockBytes)
    if let format = options.format ?? RecordFormat.named(byPath: path), !format.hasHeader {
      // A molfile may begin with an empty line, which a look ahead would pass over.
      self.format = format
    } else {
      guard let first = try scanner.peekLine(maximum: Self.maximumRawBytes) else {
        throw RecordsError(
          .emptyFile, file: path, found: "an empty file", expected: "a header and records")
      }
      let firstLine = String(decoding: first, as: UTF8.self)
      format = options.format ?? RecordFormat.detect(path: path, firstLine: firstLine)
    }
    if format.hasHeader { try readHeader() }
    while scanner.line < options.firstLine, try nextRow() != nil {}
  }

  /// How many bytes of the file as stored were read; for a plain file those of whole rows only.
  public var bytesRead: Int { input.isGzip ? input.storedBytesRead : scanner.byteOffset }

  /// The size of the file as stored; `nil` where it is not known, as for standard input.
  public var totalBytes: Int? { input.totalBytes }

  /// Where the next row begins, in bytes of the uncompressed file.
  public var byteOffset: Int { scanner.byteOffset }

  /// The line on which the next row begins: resume here with ``Options/firstLine``.
  public var nextLine: Int { scanner.line }

  /// The next record or bad row, `nil` at the end; empty lines are passed over.
  ///
  /// - Throws: ``RecordsError`` when the file cannot be read on or is damaged, and for a bad row
  ///   in strict reading.
  public func next() throws(RecordsError) -> RecordOutcome? {
    if format == .sdf { return try nextStructure() }
    while let row = try nextRow() {
      if row.problem == nil, row.range.isEmpty || isComment(row) { continue }
      do throws(RowProblem) {
        if let problem = row.problem { throw problem }
        return accept(try record(from: row))
      } catch {
        return .rejected(try reject(row, for: error))
      }
    }
    return nil
  }

  func nextRow() throws(RecordsError) -> RowScanner.Row? {
    format == .csv ? try scanner.nextQuotedRow() : try scanner.nextLine()
  }

  private func record(from row: RowScanner.Row) throws(RowProblem) -> Record {
    switch format {
    case .tsv, .chebi20:
      fields.split(tabsIn: row.range, of: scanner.bytes)
      return try record(fromFieldsOf: scanner.bytes, row: row)
    case .csv:
      fields.split(quotedIn: row.range, of: scanner.bytes)
      return try record(fromFieldsOf: fields.unquoted, row: row)
    case .ndjson:
      return try record(fromObjectOf: row)
    case .smi:
      return try record(fromSMILESLine: row)
    case .sdf:
      preconditionFailure("a structure has more than one row")
    }
  }

  /// Counts a good record.
  func accept(_ record: Record) -> RecordOutcome {
    recordCount += 1
    return .record(record)
  }

  func reject(_ row: RowScanner.Row, for problem: RowProblem) throws(RecordsError)
    -> RejectedRecord
  {
    if options.isStrict {
      throw RecordsError(
        .badRow, file: path, line: row.line, field: problem.field, found: problem.found,
        expected: problem.expected)
    }
    let raw = row.beginning?[...] ?? scanner.bytes[row.range].prefix(Self.maximumRawBytes)
    return RejectedRecord(
      file: path, line: row.line, byteOffset: row.byteOffset, field: problem.field,
      found: problem.found, expected: problem.expected, raw: String(decoding: raw, as: UTF8.self))
  }
}
