import Records

/// The molecules of a file one after another.
enum MoleculeSource {
  /// A SMILES file; comments and empty lines are handed on only when `keepsComments`.
  case smiles(LineReader, keepsComments: Bool)
  case table(MoleculeTable)
  case structures(StructureReader)

  init(path: String, format: MoleculeFormat, keepsComments: Bool) throws {
    switch format {
    case .smi: self = .smiles(try LineReader(path: path), keepsComments: keepsComments)
    case .tsv: self = .table(try MoleculeTable(path: path))
    case .sdf, .ndjson: self = .structures(try StructureReader(path: path))
    }
  }

  /// Names of a table's columns; nil for other formats.
  var header: MoleculeTable? {
    if case .table(let table) = self { table } else { nil }
  }

  /// How much of the file was read, 0 to 1; nil where its size is not known.
  var share: Double? {
    let (read, total) =
      switch self {
      case .smiles(let reader, _): (reader.bytesRead, reader.totalBytes)
      case .table(let table): (table.reader.bytesRead, table.reader.totalBytes)
      case .structures(let reader): (reader.bytesRead, reader.totalBytes)
      }
    return total.map { $0 == 0 ? 1 : min(1, Double(read) / Double($0)) }
  }

  func next() throws(RecordsError) -> MoleculeInput? {
    switch self {
    case .smiles(let reader, let keepsComments):
      while let line = try reader.next() {
        let input = MoleculeInput(smilesLine: line)
        if keepsComments || !input.isComment { return input }
      }
      return nil
    case .table(let table): return try table.next()
    case .structures(let reader):
      guard let record = try reader.next() else { return nil }
      var input = MoleculeInput(
        statement: .molfile(record.molfile), line: record.line, byteOffset: record.byteOffset,
        problem: record.problem)
      input.name = Array(record.molfile.prefix { $0 != UInt8(ascii: "\n") })
      input.items = record.items
      input.record = record.number
      return input
    }
  }
}

/// A tab-separated file with a header that names a column `smiles`, in any case.
final class MoleculeTable {
  let reader: LineReader
  /// The names of the columns.
  let names: [String]
  /// Which column holds the SMILES.
  let smilesColumn: Int
  /// Which column holds the id, if there is one.
  let idColumn: Int?

  init(path: String) throws(RecordsError) {
    reader = try LineReader(path: path)
    var header: LineReader.Line?
    repeat { header = try reader.next() } while header?.bytes.isEmpty == true
    guard let header else { throw .emptyTable(path) }
    names = Self.fields(header.bytes).map { String(decoding: $0, as: UTF8.self) }
    let lowered = names.map { $0.lowercased() }
    guard let column = lowered.firstIndex(of: "smiles") else {
      throw .missingSMILESColumn(path, line: header.number, names: names)
    }
    smilesColumn = column
    idColumn = lowered.firstIndex(of: "id") ?? lowered.firstIndex(of: "name")
  }

  func next() throws(RecordsError) -> MoleculeInput? {
    while let line = try reader.next() {
      if line.bytes.isEmpty { continue }
      let columns = Self.fields(line.bytes)
      var problem = line.problem
      if problem == nil, columns.count != names.count {
        problem = RecordProblem(expected: "\(names.count) columns", found: "\(columns.count)")
      }
      let smiles = smilesColumn < columns.count ? columns[smilesColumn] : []
      var input = MoleculeInput(
        statement: .smiles(smiles), line: line.number, byteOffset: line.byteOffset,
        problem: problem)
      if problem == nil, let idColumn { input.name = columns[idColumn] }
      input.columns = columns
      return input
    }
    return nil
  }

  private static func fields(_ line: [UInt8]) -> [[UInt8]] {
    line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map(Array.init)
  }
}
