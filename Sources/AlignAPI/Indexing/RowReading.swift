import Molecule
import Postgres
import Records
import Tensor

/// A row whose molecule is read and that PostgreSQL can store.
struct ReadRow: Sendable {
  let id: String
  let line: Int
  let content: ItemContent
}

/// Why a row is left out.
struct RowRefusal: Error {
  let row: RejectedRecord
}

/// Reads molecules, checks limits and computes what is stored of each row.
struct RowReading {
  /// The longest id that fits PostgreSQL's index over corpus and id, with room to spare.
  static let longestID = 1000

  let path: String
  private var generator = StoredItem.fingerprintGenerator

  init(path: String) { self.path = path }

  /// Reads records on all cores; results are in order.
  static func read(_ records: [Record], path: String) -> [Result<ReadRow, RowRefusal>] {
    let size = 16
    return Parallel.map((records.count + size - 1) / size, by: 1) { tile in
      var reading = RowReading(path: path)
      let end = min((tile + 1) * size, records.count)
      return records[tile * size..<end].map { record in
        Result { () throws(RowRefusal) in try reading.row(record) }
      }
    }.flatMap(\.self)
  }

  private mutating func row(_ record: Record) throws(RowRefusal) -> ReadRow {
    if let problem = storageProblem(record) { throw RowRefusal(row: problem) }
    let molecule = try molecule(record)
    return ReadRow(
      id: record.id, line: record.line,
      content: content(
        smiles: molecule?.smiles, text: record.text, graph: molecule?.graph,
        properties: JSONText(properties: record.properties), line: record.line))
  }

  /// An item's content from what is known of it.
  mutating func content(
    smiles: String?, text: String?, graph: MolecularGraph?, properties: JSONText, line: Int
  ) -> ItemContent {
    let canonical = graph.map { Array($0.canonicalSMILES([.stereo, .isotopes]).utf8) } ?? []
    return ItemContent(
      key: ContentKey(canonical: canonical, text: text), smiles: smiles, text: text, graph: graph,
      molecule: graph.map {
        MoleculeColumns($0, canonical: canonical, generator: &generator)
      },
      properties: properties, line: line)
  }

  private func molecule(
    _ record: Record
  ) throws(RowRefusal) -> (smiles: String, graph: MolecularGraph)? {
    if let molfile = record.molfile {
      do throws(MolfileError) {
        let graph = try MolfileReader.read(molfile).graph
        return (graph.smiles(), graph)
      } catch {
        let title = String(decoding: molfile.prefix { $0 != 10 }, as: UTF8.self)
        throw refusal(record, field: "molfile", found: "\(error)", "a molecule", raw: title)
      }
    }
    guard let smiles = record.smiles else { return nil }
    do throws(SMILESError) {
      // An extension stands behind a space.
      if smiles.utf8.contains(UInt8(ascii: "|")) {
        let graph = try SMILESReader.read(line: Array(smiles.utf8)).graph
        return (graph.smiles(), graph)
      }
      return (smiles, try SMILESReader.read(smiles))
    } catch {
      throw refusal(record, field: "smiles", found: "\(error)", "a molecule", raw: smiles)
    }
  }

  private func refusal(
    _ record: Record, field: String?, found: String, _ expected: String, raw: String
  ) -> RowRefusal {
    RowRefusal(
      row: RejectedRecord(
        record, path: path, field: field, found: found, expected: expected, raw: raw))
  }

  /// What keeps a row from being stored: nothing to store, an id or a property's name too long for
  /// PostgreSQL's indexes, more SMILES or text than ``InputLimits/item``, or U+0000, which its texts
  /// cannot hold.
  private func storageProblem(_ record: Record) -> RejectedRecord? {
    if record.smiles == nil && record.text == nil && record.molfile == nil {
      return refusal(record, field: nil, found: "neither", "a SMILES or a text", raw: "").row
    }
    if record.id.utf8.count > Self.longestID {
      return refusal(
        record, field: "id", found: "\(record.id.utf8.count) bytes",
        "an id of at most \(Self.longestID) bytes", raw: record.id
      ).row
    }
    let longestName = InputLimits.propertyNameBytes
    for name in record.properties.keys.sorted() where name.utf8.count > longestName {
      return refusal(
        record, field: "properties", found: "a name of \(name.utf8.count) bytes",
        "names of at most \(longestName) bytes", raw: name
      ).row
    }
    let lengths = [
      ("smiles", record.smiles, InputLimits.item.smilesBytes),
      ("text", record.text, InputLimits.item.textBytes),
    ]
    for (name, value, limit) in lengths {
      guard let value, value.utf8.count > limit else { continue }
      return refusal(
        record, field: name, found: "\(value.utf8.count) bytes", "at most \(limit) bytes",
        raw: value
      ).row
    }
    var fields = [("id", record.id), ("smiles", record.smiles ?? ""), ("text", record.text ?? "")]
    for (key, value) in record.properties {
      fields.append((key, key))
      fields.append((key, value))
    }
    for (name, value) in fields where value.utf8.contains(0) {
      return refusal(
        record, field: name.replacing("\0", with: "␀"), found: "the character U+0000",
        "text without it", raw: value
      ).row
    }
    return nil
  }
}

extension JSONText {
  /// An object of texts, members in the order of their names.
  init(properties: [String: String]) {
    var json = JSONWriter(capacity: 64)
    json.object { json in
      for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
        json.name(text: name)
        json.string(value)
      }
    }
    self.init(String(decoding: json.bytes, as: UTF8.self))
  }
}
