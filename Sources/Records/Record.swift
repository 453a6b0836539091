/// One item of a pairs or corpus file.
public struct Record: Sendable, Hashable {
  /// The item's name in its file; never empty.
  public let id: String
  /// The molecule as the file spells it; `nil` when absent or empty.
  public let smiles: String?
  /// The molecule as a molfile, of a structure-data file; `nil` elsewhere.
  public let molfile: [UInt8]?
  /// The description; `nil` when absent or empty.
  public let text: String?
  /// Every other column or key that has a value.
  public let properties: [String: String]
  /// The line on which the record begins, counted from 1.
  public let line: Int
  /// Where the record begins, in bytes of the uncompressed file.
  public let byteOffset: Int

  /// A record of those parts; `smiles` and `molfile` exclude one another.
  package init(
    id: String, smiles: String?, molfile: [UInt8]? = nil, text: String?,
    properties: [String: String], line: Int, byteOffset: Int
  ) {
    self.id = id
    self.smiles = smiles
    self.molfile = molfile
    self.text = text
    self.properties = properties
    self.line = line
    self.byteOffset = byteOffset
  }
}

/// A row that could not become a record.
public struct RejectedRecord: Sendable, Hashable {
  /// The path as the caller gave it.
  public let file: String
  /// The line on which the row begins, counted from 1.
  public let line: Int
  /// Where the row begins, in bytes of the uncompressed file.
  public let byteOffset: Int
  /// The column or key at fault, where there is one.
  public let field: String?
  /// What was found: "2 columns".
  public let found: String
  /// What was expected instead: "3 columns".
  public let expected: String
  /// The row as stored, at most its first 4,096 bytes; invalid UTF-8 is replaced.
  public let raw: String

  /// Describes a row; `raw` is cut to whole characters within 4,096 bytes.
  public init(
    file: String, line: Int, byteOffset: Int, field: String?, found: String, expected: String,
    raw: String
  ) {
    self.file = file
    self.line = line
    self.byteOffset = byteOffset
    self.field = field
    self.found = found
    self.expected = expected
    self.raw = Self.cut(raw)
  }

  /// Refuses a record that was read well, for reasons of the caller's own.
  package init(
    _ record: Record, path: String, field: String?, found: String, expected: String, raw: String
  ) {
    self.init(
      file: path, line: record.line, byteOffset: record.byteOffset, field: field, found: found,
      expected: expected, raw: raw)
  }

  /// Refuses a record whose id an earlier row of the file has.
  package static func duplicate(
    _ record: Record, path: String, firstLine: Int
  ) -> RejectedRecord {
    RejectedRecord(
      record, path: path, field: "id", found: "the id of line \(firstLine)",
      expected: "an id of its own", raw: record.id)
  }

  /// Refuses a row whose id an earlier row of the file has, when no more of it is known.
  package static func duplicate(
    id: String, line: Int, path: String, firstLine: Int
  ) -> RejectedRecord {
    RejectedRecord(
      file: path, line: line, byteOffset: 0, field: "id", found: "the id of line \(firstLine)",
      expected: "an id of its own", raw: id)
  }

  private static func cut(_ raw: String) -> String {
    var end = raw.utf8.index(
      raw.startIndex, offsetBy: RecordReader.maximumRawBytes, limitedBy: raw.endIndex)
    guard end != nil else { return raw }
    while let place = end, place.samePosition(in: raw.unicodeScalars) == nil {
      end = raw.utf8.index(before: place)
    }
    return String(raw[..<(end ?? raw.startIndex)])
  }

  /// The cause as a clause: "expected 3 columns, found 2 columns".
  public var reason: String { "expected \(expected), found \(found)" }
}

/// What is wrong with one row.
struct RowProblem: Error, Hashable {
  var field: String?
  var expected: String
  var found: String
}

/// What a row turned out to be.
public enum RecordOutcome: Sendable, Hashable {
  /// A good row.
  case record(Record)
  /// A bad row.
  case rejected(RejectedRecord)
}

/// Fields that every record must have besides its id.
public struct RequiredFields: OptionSet, Sendable, Hashable {
  /// The options as bits.
  public let rawValue: Int

  /// Takes the options as bits.
  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// A molecule.
  public static let smiles = RequiredFields(rawValue: 1)
  /// A description.
  public static let text = RequiredFields(rawValue: 2)
}
