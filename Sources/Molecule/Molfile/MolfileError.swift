/// Why a text is not a molfile that states one molecule, and where.
public struct MolfileError: Error, Equatable, Sendable {
  /// What kind of mistake it is.
  public enum Reason: Equatable, Sendable {
    /// The text ended inside a block.
    case unexpectedEnd
    /// A line or a field that cannot be read.
    case badField
    /// A number outside its range, an atom that is not there.
    case outOfRange
    /// A symbol that names no element.
    case unknownElement
    /// A query feature: atom lists, bonds of types 5 to 8.
    case query
    /// A feature of the format that is not read.
    case unsupported
    /// The connection table is well formed but no molecule: valence, aromatic bonds.
    case chemistry
  }

  /// What kind of mistake it is.
  public let reason: Reason
  /// The line of the text, from 1.
  public let line: Int
  /// The column of the field in that line, from 1, where the field has a fixed place.
  public let column: Int?
  /// What was found.
  public let found: String
  /// What was expected instead.
  public let expected: String

  /// Places a reason.
  public init(
    _ reason: Reason, line: Int, column: Int? = nil, found: String, expected: String
  ) {
    self.reason = reason
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
  }
}

extension MolfileError: CustomStringConvertible {
  /// One sentence: the place, what was expected, what was found.
  public var description: String { "\(place): expected \(expected), found \(found)" }

  /// The place as words: "line 5, column 32".
  public var place: String {
    "line \(line)" + (column.map { ", column \($0)" } ?? "")
  }
}
