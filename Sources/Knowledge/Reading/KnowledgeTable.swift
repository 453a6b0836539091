import Records

/// Rows of a tab-separated file whose header names its columns, in any order and case.
struct KnowledgeTable {
  /// A row with one field for each column.
  struct Row {
    let place: KnowledgeDraft.Place
    let fields: [String]
    /// Why the row cannot be used; its fields are empty then.
    let problem: RecordProblem?
    /// The row as stored.
    let raw: String
  }

  let path: String
  /// Names of the columns, in lower case.
  let columns: [String]
  private let reader: LineReader

  /// Opens a file; each of `required` must be among its columns.
  init(path: String, required: [String]) throws(KnowledgeError) {
    self.path = path
    let header: LineReader.Line?
    do throws(RecordsError) {
      reader = try LineReader(path: path)
      var line: LineReader.Line?
      repeat { line = try reader.next() } while line?.bytes.isEmpty == true
      header = line
    } catch {
      throw KnowledgeError(path: path, reason: .unreadable("\(error)"))
    }
    guard let header else { throw KnowledgeError(path: path, reason: .emptyFile) }
    columns = Self.split(header.bytes).map { String(decoding: $0, as: UTF8.self).lowercased() }
    for name in required where !columns.contains(name) {
      throw KnowledgeError(
        path: path, line: header.number, field: name, reason: .missingColumn(found: columns))
    }
  }

  /// How much of the file was read, 0 to 1; nil where its size is not known.
  var share: Double? {
    reader.totalBytes.map { $0 == 0 ? 1 : min(1, Double(reader.bytesRead) / Double($0)) }
  }

  /// The number of a column, nil if there is none of that name.
  func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

  /// The next row, nil at the end; empty lines are passed over.
  func next() throws(KnowledgeError) -> Row? {
    while true {
      let line: LineReader.Line?
      do throws(RecordsError) {
        line = try reader.next()
      } catch {
        throw KnowledgeError(path: path, reason: .unreadable("\(error)"))
      }
      guard let line else { return nil }
      if line.bytes.isEmpty { continue }
      return row(of: line)
    }
  }

  private func row(of line: LineReader.Line) -> Row {
    let place = KnowledgeDraft.Place(
      file: path, line: line.number, byteOffset: line.byteOffset)
    func bad(_ problem: RecordProblem) -> Row {
      Row(
        place: place, fields: [], problem: problem,
        raw: String(decoding: line.bytes, as: UTF8.self))
    }
    if let problem = line.problem { return bad(problem) }
    let parts = Self.split(line.bytes)
    guard parts.count == columns.count else {
      return bad(
        RecordProblem(expected: "\(columns.count) columns", found: "\(parts.count) columns"))
    }
    var fields: [String] = []
    for part in parts {
      guard let field = String(validating: part, as: UTF8.self) else {
        return bad(RecordProblem(expected: "UTF-8", found: "other bytes"))
      }
      fields.append(field)
    }
    return Row(place: place, fields: fields, problem: nil, raw: fields.joined(separator: "\t"))
  }

  private static func split(_ line: [UInt8]) -> [ArraySlice<UInt8>] {
    line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
  }
}
