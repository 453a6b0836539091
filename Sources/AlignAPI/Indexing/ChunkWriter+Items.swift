import Alignment
import Postgres
import Records
import Tensor

extension ChunkWriter {
  private static let itemColumns =
    ["id", "corpus_id", "smiles", "text", "properties", "content_key"] + MoleculeColumns.names

  func insertItems(_ chunk: PreparedChunk, _ placing: ChunkPlacing) throws {
    if placing.new.isEmpty { return }
    _ = try connection.copyIn("items", columns: Self.itemColumns) { writer in
      for place in placing.new {
        let content = chunk.contents[place]
        writer.append(placing.items[place])
        writer.append(corpusID)
        writer.append(content.smiles)
        writer.append(content.text)
        writer.append(content.properties)
        writer.append(content.key.bytes)
        MoleculeColumns.append(content.molecule, to: &writer)
        try writer.endRow()
      }
    }
  }

  /// Numbers among the properties of new items.
  func insertNumbers(_ chunk: PreparedChunk, _ placing: ChunkPlacing) throws {
    let ids = placing.new.compactMap { place in
      chunk.contents[place].properties.text == "{}" ? nil : placing.items[place]
    }
    try insertNumbers(of: ids)
  }

  func insertNumbers(of ids: [Int64]) throws {
    if ids.isEmpty { return }
    try connection.execute(
      """
      insert into item_numbers (item_id, name, value)
      select i.id, p.name, p.value
      from items i cross join lateral property_numbers(i.properties) p
      where i.id = any(\(ids))
      """)
  }

  func deleteSources(_ placing: ChunkPlacing) throws {
    if placing.replaced.isEmpty { return }
    try connection.execute(
      """
      delete from item_sources where ctid = any(array(
        select s.row from unnest(\(placing.replaced)) as k (key) cross join lateral (
          select ctid as row from item_sources
          where corpus_id = \(corpusID) and source_id = k.key limit 1) s))
      """)
  }

  /// Source ids in their order; each with its properties where its item's are not known to be the
  /// same.
  func insertSources(
    _ chunk: PreparedChunk, _ placing: ChunkPlacing, job: Int64?, _ lock: CorpusLock
  ) throws {
    if placing.rows.isEmpty { return }
    let rows = placing.rows.map { (place: $0, id: Array(chunk.rows[$0].id.utf8)) }
      .sorted { $0.id.lexicographicallyPrecedes($1.id) }
    _ = try connection.copyIn(
      "item_sources",
      columns: ["corpus_id", "source_id", "item_id", "properties", "job_id", "source_line"]
    ) { writer in
      for (place, _) in rows {
        let row = chunk.rows[place]
        let isSame = row.properties == chunk.contents[row.content].properties
        writer.append(corpusID)
        writer.append(row.id)
        writer.append(placing.item(ofRow: place))
        writer.append(isSame && lock == .additions ? nil : row.properties)
        writer.append(job)
        writer.append(job == nil ? nil : row.line)
        try writer.endRow()
      }
    }
  }

  func insertRejects(_ rejected: [RejectedRecord], job: Int64) throws {
    if rejected.isEmpty { return }
    _ = try connection.copyIn(
      "index_rejects", columns: ["job_id", "line", "field", "found", "expected", "raw"]
    ) { writer in
      for row in rejected {
        writer.append(job)
        writer.append(row.line)
        writer.append(row.field?.storable)
        writer.append(row.found.storable)
        writer.append(row.expected.storable)
        writer.append(row.raw.storable)
        try writer.endRow()
      }
    }
  }

  /// Stores the vectors that items of the chunk lack, and returns those items.
  func insertEmbeddings(_ chunk: PreparedChunk, _ placing: ChunkPlacing) throws -> [Int64] {
    let used = Set(placing.rows.map { chunk.rows[$0].content }).sorted()
    var lacking: [(place: Int, id: Int64, sides: [Modality])] = []
    for place in used {
      guard let id = placing.items[place] else { continue }
      let content = chunk.contents[place]
      let sides = Modality.allCases.filter { side in
        content.has(side) && placing.known[place]?.has(side) != true
      }
      if sides.isEmpty { continue }
      for side in sides where chunk.vectors.vector(of: place, side) == nil {
        throw ChunkInterruption.vectorsMissing
      }
      lacking.append((place, id, sides))
    }
    try copyEmbeddings(lacking, chunk.vectors)
    return lacking.map(\.id)
  }

  /// Writes these sides of the contents at these places.
  func copyEmbeddings(
    _ places: [(place: Int, id: Int64, sides: [Modality])], _ vectors: ContentVectors
  ) throws {
    if places.isEmpty { return }
    _ = try connection.copyIn(
      "embeddings", columns: ["item_id", "model_id", "modality", "checksum", "vector", "code"]
    ) { writer in
      for (place, id, sides) in places {
        for side in sides {
          guard let (matrix, row, code) = vectors.vector(of: place, side) else { continue }
          let start = row * matrix.columns
          writer.append(id)
          writer.append(model.id)
          writer.append(side.storedCode)
          writer.append(model.checksum)
          writer.append(elements: matrix.bits.span.extracting(start..<start + matrix.columns))
          writer.append(Array(code))
          try writer.endRow()
        }
      }
    }
  }
}

extension ItemContent {
  /// Whether it has that side.
  func has(_ modality: Modality) -> Bool {
    switch modality {
    case .molecule: graph != nil
    case .text: text != nil
    }
  }
}

extension String {
  /// Without U+0000, which PostgreSQL's texts cannot hold.
  fileprivate var storable: String { utf8.contains(0) ? replacing("\0", with: "␀") : self }
}
