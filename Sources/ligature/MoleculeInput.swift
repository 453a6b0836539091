import Records

/// One molecule of a file as it was read, before chemistry.
struct MoleculeInput: Sendable {
  /// The text that states the molecule.
  enum Statement: Sendable {
    case smiles([UInt8])
    case molfile([UInt8])
  }

  var statement: Statement
  /// The line on which it begins, from 1.
  var line: Int
  /// Where it begins, in bytes of the uncompressed file.
  var byteOffset: Int
  var name: [UInt8] = []
  /// The columns of a table's row, the SMILES among them.
  var columns: [[UInt8]] = []
  /// The data items of a structure-data record.
  var items: [StructureRecord.Item] = []
  /// Why the record cannot be used, if so.
  var problem: RecordProblem?
  /// Which record of a structure-data file, from 1.
  var record: Int?

  /// The line of a SMILES file: SMILES, spaces or tabs, then an optional CXSMILES extension between
  /// bars, which is passed over, and the name.
  init(smilesLine line: LineReader.Line) {
    let bytes = line.bytes
    var start = 0
    while start < bytes.count, Self.isBlank(bytes[start]) { start += 1 }
    var end = start
    while end < bytes.count, !Self.isBlank(bytes[end]) { end += 1 }
    statement = .smiles(Array(bytes[start..<end]))
    self.line = line.number
    byteOffset = line.byteOffset
    problem = line.problem
    var rest = Self.trimmed(bytes[end...])
    if rest.first == UInt8(ascii: "|"),
      let close = rest.dropFirst().firstIndex(of: UInt8(ascii: "|"))
    {
      rest = Self.trimmed(rest[(close + 1)...])
    }
    name = Array(rest)
  }

  init(statement: Statement, line: Int, byteOffset: Int, problem: RecordProblem?) {
    self.statement = statement
    self.line = line
    self.byteOffset = byteOffset
    self.problem = problem
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
  }

  /// Whether a line of a SMILES file states nothing: it is empty or begins with `#`.
  var isComment: Bool {
    guard case .smiles(let text) = statement else { return false }
    return problem == nil && (text.isEmpty || text.first == UInt8(ascii: "#"))
  }

  /// About how much memory the record takes.
  var byteCount: Int {
    let own =
      switch statement {
      case .smiles(let text), .molfile(let text): text.count
      }
    return own + columns.reduce(0) { $0 + $1.count }
      + items.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
  }

  /// The text for the list of rejects.
  var raw: String {
    switch statement {
    case .smiles(let text): String(decoding: text.prefix(4096), as: UTF8.self)
    case .molfile(let text):
      String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }.prefix(4096), as: UTF8.self)
    }
  }
}
