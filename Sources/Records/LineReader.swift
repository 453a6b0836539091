/// Reads the lines of a text file, plain or gzip, in bounded memory.
public final class LineReader {
  /// One line without its end, which `\n` or `\r\n` makes.
  public struct Line: Sendable, Hashable {
    /// The bytes of the line; its beginning alone when it was too long.
    public let bytes: [UInt8]
    /// The number of the line, from 1.
    public let number: Int
    /// Where the line begins, in bytes of the uncompressed file.
    public let byteOffset: Int
    /// Why the line cannot be used; nil for a good one.
    public let problem: RecordProblem?
  }

  /// The path as the caller gave it; `-` is standard input.
  public let path: String
  private let input: ByteInput
  private var scanner: RowScanner

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzip; `-` reads standard input.
  ///   - maximumLineBytes: longer lines come with a problem and their first 4,096 bytes.
  /// - Throws: ``RecordsError`` when the file cannot be opened or read.
  public convenience init(
    path: String, maximumLineBytes: Int = RecordReader.defaultMaximumRowBytes
  ) throws(RecordsError) {
    try self.init(path: path, maximumLineBytes: maximumLineBytes, blockBytes: 1 << 20)
  }

  /// Reads in blocks of a given size, at least 4 bytes.
  package init(path: String, maximumLineBytes: Int, blockBytes: Int) throws(RecordsError) {
    self.path = path
    input = try ByteInput(path: path)
    scanner = try RowScanner(
      input: input, maximumRowBytes: maximumLineBytes, blockBytes: blockBytes)
  }

  /// How many bytes of the file as stored were read; for a plain file those of whole lines only.
  public var bytesRead: Int { input.isGzip ? input.storedBytesRead : scanner.byteOffset }

  /// The size of the file as stored; nil where it is not known, as for standard input.
  public var totalBytes: Int? { input.totalBytes }

  /// The next line, nil at the end.
  ///
  /// - Throws: ``RecordsError`` when the file cannot be read on or is damaged.
  public func next() throws(RecordsError) -> Line? {
    guard let row = try scanner.nextLine() else { return nil }
    return Line(
      bytes: row.beginning ?? Array(scanner.bytes[row.range]), number: row.line,
      byteOffset: row.byteOffset,
      problem: row.problem.map { RecordProblem(expected: $0.expected, found: $0.found) })
  }
}
