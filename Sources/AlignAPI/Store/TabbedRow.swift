import Postgres

/// Rows of tab-separated columns, as `Records` reads them: no quoting, no escapes.
enum TabbedRow {
  /// The header of a corpus file with these properties.
  ///
  /// Throws ``ExportError/columnName(_:)`` for a property that would be read as another column.
  static func writeHeader(
    _ properties: [String], to buffer: inout [UInt8]
  ) throws(ExportError) {
    for name in properties {
      let isTaken = ["id", "smiles", "text"].contains(name.lowercased())
      if isTaken || name.isEmpty || name.utf8.contains(where: isSeparator) {
        throw .columnName(name)
      }
    }
    buffer += (["id", "smiles", "text"] + properties).joined(separator: "\t").utf8
    buffer.append(UInt8(ascii: "\n"))
  }

  /// One row of a corpus file; throws ``ExportError/value(id:column:)``.
  static func write(
    _ row: ExportedRow, properties: [String], to buffer: inout [UInt8]
  ) throws {
    var cells = [("id", row.id), ("smiles", row.smiles ?? ""), ("text", row.text ?? "")]
    if !properties.isEmpty {
      let values = try values(row)
      for name in properties { cells.append((name, values[name] ?? "")) }
    }
    try write(cells, id: row.id, to: &buffer)
  }

  static func write(
    _ cells: [(column: String, value: String)], id: String, to buffer: inout [UInt8]
  ) throws(ExportError) {
    for (place, cell) in cells.enumerated() {
      if cell.value.utf8.contains(where: isSeparator) { throw .value(id: id, column: cell.column) }
      if place > 0 { buffer.append(UInt8(ascii: "\t")) }
      buffer += cell.value.utf8
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  /// The properties as a file spells them.
  static func values(_ row: ExportedRow) throws -> [String: String] {
    guard case .object(let members) = try JSONDocument(parsing: Array(row.properties.text.utf8))
    else { return [:] }
    var values: [String: String] = [:]
    for member in members {
      switch member.value {
      case .string(let text), .number(let text): values[member.name] = text
      case .boolean(let value): values[member.name] = "\(value)"
      case .null: break
      case .array, .object: throw ExportError.value(id: row.id, column: member.name)
      }
    }
    return values
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

/// Why a corpus does not fit a format.
package enum ExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A value has a tab or a line end, or is a list.
  case value(id: String, column: String)
  /// A property has a name that no column can have.
  case columnName(String)

  package var description: String {
    switch self {
    case .value(let id, let column):
      "\(column) of \(id) has a tab, a line end or a list, which columns cannot hold; "
        + "use --format ndjson"
    case .columnName(let name):
      "the property \"\(name)\" cannot be the name of a column; use --format ndjson"
    }
  }
}
