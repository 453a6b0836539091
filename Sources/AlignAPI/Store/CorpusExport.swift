package import Molecule
package import Postgres

/// Writes a corpus as a file that indexes to the same items again: one row for each source id.
///
/// Rows come in the order of their ids and are streamed; memory is bounded by one row. All of them
/// are of one moment, whatever is indexed meanwhile.
package struct CorpusExport {
  /// How rows are written.
  package enum Format: String, Sendable, CaseIterable {
    /// Columns id, smiles, text, and one for each property that any row has. It cannot hold tabs
    /// and line ends, and knows no difference between an empty value and none.
    case tsv
    /// One JSON object a line; holds everything.
    case ndjson
    /// SMILES, a tab, the id; rows without a molecule are left out.
    case smi
    /// Molfiles titled with the id; text and properties as data items. Rows without a molecule, and
    /// those whose molecule a molfile cannot hold, are left out.
    case sdf
  }

  /// What was written.
  package struct Outcome: Sendable, Equatable {
    /// Rows in the file, the header not counted.
    package var rows = 0
    /// Rows that the format has no place for.
    package var leftOut = 0
    /// False when it was told to stop.
    package var isComplete = true

    package init(rows: Int = 0, leftOut: Int = 0, isComplete: Bool = true) {
      self.rows = rows
      self.leftOut = leftOut
      self.isComplete = isComplete
    }
  }

  private let connection: Connection
  private let corpus: StoredCorpus
  private let format: Format
  private let layout: (MolecularGraph) -> [AtomPosition]?

  /// `layout` gives the atoms of molfiles their places; without it cis and trans are lost there.
  package init(
    _ connection: Connection, _ corpus: StoredCorpus, format: Format,
    layout: @escaping (MolecularGraph) -> [AtomPosition]? = { _ in nil }
  ) {
    self.connection = connection
    self.corpus = corpus
    self.format = format
    self.layout = layout
  }

  private struct Stop: Error {}

  /// Bytes that are collected before they are handed out.
  private static let blockBytes = 64 << 10

  /// Hands out the file piece by piece; `report` is told the rows done and the rows there are.
  ///
  /// Throws ``ExportError`` for a row that the format cannot hold, `PostgresError`, and what
  /// `output` throws.
  package func write(
    shouldStop: () -> Bool = { false }, report: (Int, Int) -> Void = { _, _ in },
    to output: ([UInt8]) throws -> Void
  ) throws -> Outcome {
    try connection.transaction {
      try connection.execute("set transaction isolation level repeatable read, read only")
      let total: Int = try connection.query(
        "select count(*) from item_sources where corpus_id = \(corpus.id)"
      ).single().value(at: 0)
      let properties = format == .tsv ? try propertyNames() : []
      var buffer: [UInt8] = []
      if format == .tsv { try TabbedRow.writeHeader(properties, to: &buffer) }
      var outcome = Outcome()
      do {
        try connection.forEachRow(Self.rows(of: corpus)) { row in
          if shouldStop() { throw Stop() }
          if try append(ExportedRow(row), properties, to: &buffer) {
            outcome.rows += 1
          } else {
            outcome.leftOut += 1
          }
          if buffer.count >= Self.blockBytes {
            try output(buffer)
            buffer.removeAll(keepingCapacity: true)
            report(outcome.rows + outcome.leftOut, total)
          }
        }
      } catch is Stop {
        outcome.isComplete = false
        return outcome
      }
      try output(buffer)
      report(total, total)
      return outcome
    }
  }

  private static func rows(of corpus: StoredCorpus) -> SQLStatement {
    """
    select source_id, smiles, text, coalesce(item_sources.properties, items.properties)
    from item_sources join items on items.id = item_id
    where item_sources.corpus_id = \(corpus.id) order by source_id
    """
  }

  /// Every name that a property of the corpus has, sorted.
  private func propertyNames() throws -> [String] {
    try connection.query(
      """
      select distinct jsonb_object_keys(coalesce(item_sources.properties, items.properties)) as name
      from item_sources join items on items.id = item_id
      where item_sources.corpus_id = \(corpus.id) order by name
      """
    ).map { try $0.value(at: 0) }
  }

  /// Appends a row; returns false when the format has no place for it.
  private func append(
    _ row: ExportedRow, _ properties: [String], to buffer: inout [UInt8]
  ) throws -> Bool {
    switch format {
    case .ndjson: buffer += row.jsonLine
    case .tsv: try TabbedRow.write(row, properties: properties, to: &buffer)
    case .smi:
      guard let smiles = row.smiles else { return false }
      try TabbedRow.write([("smiles", smiles), ("id", row.id)], id: row.id, to: &buffer)
    case .sdf: return try row.appendStructure(layout, to: &buffer)
    }
    return true
  }
}

/// One row of a file, as the database has it.
struct ExportedRow {
  let id: String
  let smiles: String?
  let text: String?
  let properties: JSONText

  init(_ row: Row) throws {
    id = try row.value(at: 0)
    smiles = try row.value(at: 1)
    text = try row.value(at: 2)
    properties = try row.value(at: 3)
  }

  /// The row as a line of NDJSON; properties keep their JSON form, which has no line ends.
  var jsonLine: [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.object { writer in
      writer.name("id")
      writer.string(id)
      for (name, value) in [("smiles", smiles), ("text", text)] {
        guard let value else { continue }
        writer.name(text: name)
        writer.string(value)
      }
    }
    let members = properties.text.utf8.drop { $0 != UInt8(ascii: "{") }.dropFirst()
    let isEmpty = members.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "}")
    let rest = isEmpty ? Array(members) : [UInt8(ascii: ",")] + members
    return writer.bytes.dropLast() + rest + [UInt8(ascii: "\n")]
  }
}
