import Alignment
import Postgres
import Records
import Tensor

extension CorpusChunkWriter {
  private static let itemColumns = [
    "id", "corpus_id", "source_id", "smiles", "text", "properties", "source_sha256", "source_line",
  ]

  func insertItems(_ chunk: CorpusChunk, _ placing: CorpusChunkPlacing) throws {
    if placing.new.isEmpty { return }
    try copyItems(chunk, placing.new, placing, into: "items")
  }

  /// Replaces known items by way of a temporary table, and drops the vectors that are no longer
  /// theirs: this model's, and every model's when molecule or text have changed.
  func updateItems(_ chunk: CorpusChunk, _ placing: CorpusChunkPlacing) throws {
    if placing.updated.isEmpty { return }
    try connection.execute(
      """
      create temporary table if not exists incoming_items (like items) on commit delete rows
      """)
    try copyItems(chunk, placing.updated, placing, into: "incoming_items")
    // Without a row count the server could choose to read all of items for one chunk.
    try connection.execute("analyze incoming_items")
    let changed = try connection.query(
      """
      select id from incoming_items new join items old using (id)
      where (old.smiles, old.text) is distinct from (new.smiles, new.text)
      """
    ).map { try $0.value(at: 0, as: Int64.self) }
    if !changed.isEmpty {
      try connection.execute("delete from embeddings where item_id = any(\(changed))")
    }
    let ids = placing.updated.map { place in
      guard let id = placing.ids[place] else { preconditionFailure("row \(place) has no item") }
      return id
    }
    let sides = Modality.allCases.map { Int64($0.storedCode) }
    try connection.execute(
      """
      delete from embeddings
      where model_id = \(model.id) and modality = any(\(sides)) and item_id = any(\(ids))
      """)
    try connection.execute(
      """
      update items old set smiles = new.smiles, text = new.text, properties = new.properties,
        source_sha256 = new.source_sha256, source_line = new.source_line
      from incoming_items new
      where old.id = new.id
        and (old.smiles, old.text, old.properties, old.source_sha256, old.source_line)
          is distinct from
          (new.smiles, new.text, new.properties, new.source_sha256, new.source_line)
      """)
  }

  func insertEmbeddings(_ vectors: CorpusChunkVectors, _ placing: CorpusChunkPlacing) throws {
    _ = try connection.copyIn(
      "embeddings", columns: ["item_id", "model_id", "modality", "checksum", "vector"]
    ) { writer in
      for (modality, side) in [(Modality.molecule, vectors.molecules), (.text, vectors.texts)] {
        let (places, halves) = side
        for (row, place) in places.enumerated() {
          guard let id = placing.ids[place] else { continue }
          writer.append(id)
          writer.append(model.id)
          writer.append(modality.storedCode)
          writer.append(model.checksum)
          let start = row * halves.columns
          writer.append(elements: halves.bits.span.extracting(start..<start + halves.columns))
          try writer.endRow()
        }
      }
    }
  }

  private func copyItems(
    _ chunk: CorpusChunk, _ places: [Int], _ placing: CorpusChunkPlacing, into table: String
  ) throws {
    _ = try connection.copyIn(table, columns: Self.itemColumns) { writer in
      for place in places {
        let row = chunk.rows[place]
        writer.append(placing.ids[place])
        writer.append(corpus.id)
        writer.append(row.record.id)
        writer.append(row.record.smiles)
        writer.append(row.record.text)
        writer.append(row.properties)
        writer.append(source.sha256)
        writer.append(row.record.line)
        try writer.endRow()
      }
    }
  }
}
