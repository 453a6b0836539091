import Alignment
import Molecule
import Postgres
import Records

/// Makes out of a payload what is stored: molecules read, duplicates put together, vectors.
struct ChunkEncoder {
  let lookup: ItemLookup
  let model: AlignmentModel
  /// The file's path, for reports.
  let path: String
  /// Seconds spent on reading molecules, and on vectors.
  private(set) var seconds = (parsing: 0.0, encoding: 0.0)

  init(lookup: ItemLookup, model: AlignmentModel, path: String) {
    self.lookup = lookup
    self.model = model
    self.path = path
  }

  /// What a chunk becomes in the database.
  enum Output: Sendable {
    case rows(PreparedChunk)
    case items([(id: Int64, content: ItemContent)], ContentVectors)
  }

  /// Reads and encodes a chunk; contents that the corpus has with their vectors are not encoded.
  ///
  /// Throws ``IndexError/vectorNotFinite(path:line:)``, ``IndexError/damagedChunk`` and
  /// `PostgresError`.
  mutating func output(of payload: [UInt8]) throws -> Output {
    let clock = ContinuousClock()
    let start = clock.now
    switch try ChunkPayload(payload, path: path) {
    case .rows(let rows):
      var chunk = PreparedChunk(rows, path: path)
      seconds.parsing += (clock.now - start) / .seconds(1)
      let known = try lookup.items(chunk.contents.map(\.key))
      chunk.isUnknown = known.isEmpty
      let read = clock.now
      chunk.vectors = try ContentVectors.encode(
        chunk.contents, known: chunk.contents.map { known[$0.key] }, model: model, path: path)
      seconds.encoding += (clock.now - read) / .seconds(1)
      return .rows(chunk)
    case .items(let ids):
      let items = try items(ids)
      let known = try lookup.sides(of: items.map(\.id))
      seconds.parsing += (clock.now - start) / .seconds(1)
      let read = clock.now
      let vectors = try ContentVectors.encode(
        items.map(\.content), known: items.map { known[$0.id] }, model: model, path: path)
      seconds.encoding += (clock.now - read) / .seconds(1)
      return .items(items, vectors)
    }
  }

  /// The contents of items that are there.
  private func items(_ ids: [Int64]) throws -> [(id: Int64, content: ItemContent)] {
    let rows = try lookup.connection.query(
      "select id, smiles, text from items where id = any(\(ids)) order by id")
    var reading = RowReading(path: path)
    var items: [(id: Int64, content: ItemContent)] = []
    for row in rows {
      let id: Int64 = try row.value(at: 0)
      let smiles: String? = try row.value(at: 1)
      // A molecule of an older program that this one cannot read any more keeps what it has.
      let graph = smiles.flatMap { try? SMILESReader.read($0) }
      let content = reading.content(
        smiles: smiles, text: try row.value(at: 2), graph: graph, properties: JSONText("{}"),
        line: Int(id))
      items.append((id, content))
    }
    return items
  }
}
