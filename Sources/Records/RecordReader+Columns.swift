extension RecordReader {
  /// What a column holds.
  enum Column: Hashable {
    case id
    case smiles
    case text
    case property(String)

    var name: String {
      switch self {
      case .id: "id"
      case .smiles: "smiles"
      case .text: "text"
      case .property(let name): name
      }
    }
  }

  /// Reads the header: the first row that is not empty.
  func readHeader() throws(RecordsError) {
    guard let row = try nextRow() else { return }
    var names: [String] = []
    do throws(RowProblem) {
      if let problem = row.problem { throw problem }
      if format == .csv {
        fields.split(quotedIn: row.range, of: scanner.bytes)
      } else {
        fields.split(tabsIn: row.range, of: scanner.bytes)
      }
      let bytes = format == .csv ? fields.unquoted : scanner.bytes
      for field in fields.ranges { names.append(try string(field, of: bytes, named: nil)) }
    } catch {
      throw RecordsError(
        .badHeader, file: path, line: row.line, found: error.found, expected: error.expected)
    }
    columns = names.map { column(named: $0) }
    var seen: Set<Column> = []
    for column in columns where !seen.insert(column).inserted {
      throw RecordsError(
        .badHeader, file: path, line: row.line, field: column.name,
        found: "the column \"\(column.name)\" twice", expected: "each column once")
    }
    try checkColumns(names: names, line: row.line)
  }

  private func checkColumns(names: [String], line: Int) throws(RecordsError) {
    var missing: [String] = columns.contains(.id) ? [] : ["id"]
    for (column, option) in [(Column.smiles, RequiredFields.smiles), (.text, .text)]
    where options.required.contains(option) && !columns.contains(column) {
      missing.append(column.name)
    }
    if missing.isEmpty, !columns.contains(.smiles), !columns.contains(.text) {
      missing = ["smiles or text"]
    }
    guard let first = missing.first else { return }
    let found = names.prefix(12).map { $0.prefix(40) }.joined(separator: ", ")
    throw RecordsError(
      .missingColumn, file: path, line: line, field: first, found: "the columns \(found)",
      expected: "a column named \(first)")
  }

  /// ChEBI-20's header has names of its own; elsewhere case does not matter.
  private func column(named name: String) -> Column {
    let spelling = format == .chebi20 ? name : name.lowercased()
    switch spelling {
    case "CID": return .id
    case "SMILES": return .smiles
    case "description": return format == .chebi20 ? .text : .property(name)
    case "id": return .id
    case "smiles": return .smiles
    case "text": return .text
    default: return .property(name)
    }
  }

  func record(fromFieldsOf bytes: [UInt8], row: RowScanner.Row) throws(RowProblem) -> Record {
    guard fields.ranges.count == columns.count else {
      throw RowProblem(
        expected: Self.spelled(columns.count), found: Self.spelled(fields.ranges.count))
    }
    var draft = RecordDraft()
    for (column, field) in zip(columns, fields.ranges) where !field.isEmpty {
      let value = try string(field, of: bytes, named: column.name)
      switch column {
      case .id: draft.id = value
      case .smiles: draft.smiles = format == .chebi20 ? Self.halvingBackslashes(value) : value
      case .text: draft.text = value
      case .property(let name): draft.properties[name] = value
      }
    }
    return try draft.finished(row: row, required: options.required)
  }

  private static func spelled(_ columns: Int) -> String {
    columns == 1 ? "1 column" : "\(columns) columns"
  }

  func string(_ range: Range<Int>, of bytes: [UInt8], named field: String?) throws(RowProblem)
    -> String
  {
    do throws(UTF8.ValidationError) {
      return String(copying: try UTF8Span(validating: bytes.span.extracting(range)))
    } catch {
      let offset = error.byteOffsets.lowerBound
      throw RowProblem(
        field: field, expected: "UTF-8",
        found: "the byte 0x\(String(bytes[range.lowerBound + offset], radix: 16)) "
          + "at byte \(offset) of the field")
    }
  }

  /// Undoes the doubling of backslashes; a single one stays.
  static func halvingBackslashes(_ smiles: String) -> String {
    guard smiles.utf8.contains(UInt8(ascii: "\\")) else { return smiles }
    return smiles.replacing("\\\\", with: "\\")
  }
}
