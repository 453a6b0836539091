/// Why a file of records cannot be read, or not further.
public struct RecordsError: Error, Hashable, Sendable {
  /// The kinds of failure.
  public enum Reason: Sendable, Hashable {
    /// The file cannot be opened.
    case cannotOpen
    /// The path names a directory.
    case isDirectory
    /// The system failed to read on.
    case cannotRead
    /// The rejects file cannot be written.
    case cannotWrite
    /// The file at the rejects' path is something else.
    case notRejects
    /// There is no header and no record.
    case emptyFile
    /// The header is malformed or names a column twice.
    case badHeader
    /// The header lacks a column that is needed.
    case missingColumn
    /// The file ends inside compressed data.
    case truncatedGzip
    /// The compressed data is damaged, or it is not gzip at all.
    case damagedGzip
    /// A bad row, in strict reading.
    case badRow
  }

  /// The kind of failure.
  public let reason: Reason
  /// The path as the caller gave it; `-` is standard input.
  public let file: String
  /// The line, counted from 1, where the failure has one.
  public let line: Int?
  /// The column or key, where the failure has one.
  public let field: String?
  /// The offset in bytes of the file as stored, compressed or not, where the failure has one.
  public let byteOffset: Int?
  /// What was found, or the system's own words.
  public let found: String
  /// What was expected instead.
  public let expected: String

  init(
    _ reason: Reason, file: String, line: Int? = nil, field: String? = nil, byteOffset: Int? = nil,
    found: String, expected: String
  ) {
    self.reason = reason
    self.file = file
    self.line = line
    self.field = field
    self.byteOffset = byteOffset
    self.found = found
    self.expected = expected
  }
}

extension RecordsError {
  /// A table without a header.
  package static func emptyTable(_ path: String) -> RecordsError {
    RecordsError(
      .emptyFile, file: path, found: "an empty file", expected: "a header and records")
  }

  /// A table whose header names no column `smiles`.
  package static func missingSMILESColumn(_ path: String, line: Int, names: [String])
    -> RecordsError
  {
    let found = names.prefix(12).map { $0.prefix(40) }.joined(separator: ", ")
    return RecordsError(
      .missingColumn, file: path, line: line, field: "smiles", found: "the columns \(found)",
      expected: "a column named smiles")
  }

  /// A bad record where none is wanted.
  package static func refused(_ reject: RejectedRecord) -> RecordsError {
    RecordsError(
      .badRow, file: reject.file, line: reject.line, field: reject.field, found: reject.found,
      expected: reject.expected)
  }
}

extension RecordsError: CustomStringConvertible {
  /// One sentence for a log or a terminal.
  public var description: String {
    var place = file == "-" ? "standard input" : file
    if let line { place += ", line \(line)" }
    if let field { place += ", field \(field)" }
    if let byteOffset { place += ", byte \(byteOffset)" }
    return "\(place): expected \(expected), found \(found)"
  }
}
