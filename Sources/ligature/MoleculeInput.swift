import Molecule
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
  /// bars, and the name.
  ///
  /// A comment is kept whole.
  init(smilesLine line: LineReader.Line) {
    let bytes = line.bytes
    self.line = line.number
    byteOffset = line.byteOffset
    problem = line.problem
    if bytes.first == UInt8(ascii: "#") {
      statement = .smiles(bytes)
      return
    }
    let parts = SMILESLine(bytes)
    statement = .smiles(Array(bytes[parts.statement]))
    name = Array(bytes[parts.name])
  }

  init(statement: Statement, line: Int, byteOffset: Int, problem: RecordProblem?) {
    self.statement = statement
    self.line = line
    self.byteOffset = byteOffset
    self.problem = problem
  }

  /// Whether a line of a SMILES file states nothing: it is empty or begins with `#`.
  var isComment: Bool {
    guard case .smiles(let text) = statement else { return false }
    return problem == nil && ((text.isEmpty && name.isEmpty) || text.first == UInt8(ascii: "#"))
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
