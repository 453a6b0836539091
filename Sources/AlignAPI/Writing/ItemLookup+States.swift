import Alignment
import Postgres

/// What a source id stands for before it is written.
struct RowState: Sendable {
  let itemID: Int64
  /// Whether molecule, text and properties are those of the row, with their vectors.
  let isSame: Bool
}

extension ItemLookup {
  /// What the source ids of a chunk stand for, by the row's place.
  func states(of chunk: PreparedChunk) throws -> [Int: RowState] {
    if chunk.rows.isEmpty { return [:] }
    let keys = chunk.rows.map { chunk.contents[$0.content].key.bytes }
    let rows = try connection.query(
      """
      select k.place, s.item_id,
        i.content_key is not distinct from k.content
          and coalesce(s.properties, i.properties) = k.properties::jsonb,
        coalesce((
          select bit_or(modality) from embeddings e
          where e.item_id = i.id and e.model_id = \(modelID)), 0::smallint)
      from unnest(\(chunk.rows.map(\.id)), \(chunk.rows.map(\.properties.text)), \(keys))
        with ordinality as k (source, properties, content, place)
      cross join lateral (
        select item_id, properties from item_sources
        where corpus_id = \(corpusID) and source_id = k.source limit 1) s
      join items i on i.id = s.item_id
      """)
    var states: [Int: RowState] = [:]
    for row in rows {
      let place = try row.value(at: 0, as: Int.self) - 1
      let item = KnownItem(id: try row.value(at: 1), sides: try row.value(at: 3))
      let content = chunk.contents[chunk.rows[place].content]
      let isEmbedded = Modality.allCases.allSatisfy { !content.has($0) || item.has($0) }
      states[place] = RowState(itemID: item.id, isSame: try row.value(at: 2) && isEmbedded)
    }
    return states
  }
}

extension ChunkWriter {
  /// Deletes source ids, and items that have none left.
  ///
  /// Returns the items of those that were there, by the bytes of the id. Part of a transaction that
  /// has the corpus for itself.
  func deleteSources(
    _ ids: [String], _ change: inout StoredChange
  ) throws -> [[UInt8]: Int64] {
    if ids.isEmpty { return [:] }
    var items: [[UInt8]: Int64] = [:]
    for row in try connection.query(
      """
      delete from item_sources where corpus_id = \(corpusID) and source_id = any(\(ids))
      returning source_id, item_id
      """)
    {
      items[Array(try row.value(at: 0, as: String.self).utf8)] = try row.value(at: 1)
    }
    let touched = Set(items.values).sorted()
    let changed = try settleProperties(of: touched)
    let deleted = try deleteOrphans(among: touched)
    change.deleted.formUnion(deleted)
    // An item that has lost a source id is shown with the others from now on.
    change.written.formUnion(changed + touched)
    change.written.subtract(change.deleted)
    return items
  }
}
