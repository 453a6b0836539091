import Molecule
import Postgres

extension ChunkWriter {
  /// Gives items of an earlier version of the schema, which have no key yet, the key of the chunk's
  /// content where they hold just that, so that they stay the same items.
  func adoptOldItems(_ chunk: PreparedChunk, _ placing: inout ChunkPlacing) throws {
    if placing.oldItems.isEmpty { return }
    let old = try connection.query(
      """
      select id, smiles, text from items
      where id = any(\(Array(placing.oldItems.values))) and content_key is null order by id
      """)
    if old.isEmpty { return }
    var wanted: [ContentKey: Int] = [:]
    for place in placing.new { wanted[chunk.contents[place].key] = place }
    var adopted: [ContentKey: Int] = [:]
    var reading = RowReading(path: path)
    for row in old {
      let id: Int64 = try row.value(at: 0)
      let smiles: String? = try row.value(at: 1)
      let graph = smiles.flatMap { try? SMILESReader.read($0) }
      if smiles != nil && graph == nil { continue }
      let content = reading.content(
        smiles: smiles, text: try row.value(at: 2), graph: graph, properties: JSONText("{}"),
        line: 1)
      guard let place = wanted.removeValue(forKey: content.key) else { continue }
      try setContent(content, ofItem: id)
      adopted[content.key] = place
    }
    let found = try lookup.items(Array(adopted.keys))
    for (key, place) in adopted {
      if let item = found[key] { placing.adopt(place, item) }
    }
  }

  private func setContent(_ content: ItemContent, ofItem id: Int64) throws {
    let molecule: SQLStatement = content.molecule.map { ", \(fragment: $0.assignments)" } ?? ""
    try connection.execute(
      """
      update items set content_key = \(content.key.bytes), updated_at = now()
        \(fragment: molecule)
      where id = \(id)
      """)
  }

  /// Lets each item have the properties of its first source, by line and then by id, and each
  /// source its own only where they differ; returns the items that have changed.
  ///
  /// Whatever order chunks are stored in, this ends the same.
  func settleProperties(of touched: [Int64]) throws -> [Int64] {
    if touched.isEmpty { return [] }
    let changed = try connection.query(
      """
      with own as (
        select s.corpus_id, s.source_id, s.item_id, coalesce(s.properties, i.properties) as value,
          row_number() over (partition by s.item_id order by s.source_line, s.source_id collate "C"
          ) as place
        from item_sources s join items i on i.id = s.item_id where s.item_id = any(\(touched))
      ), first as (
        select item_id, value from own where place = 1
      ), settled as (
        update item_sources s set properties = nullif(own.value, first.value)
        from own join first using (item_id)
        where s.corpus_id = own.corpus_id and s.source_id = own.source_id
          and s.properties is distinct from nullif(own.value, first.value)
      )
      update items i set properties = first.value, updated_at = now()
      from first where i.id = first.item_id and i.properties <> first.value
      returning i.id
      """
    ).map { try $0.value(at: 0, as: Int64.self) }
    if !changed.isEmpty {
      try connection.execute("delete from item_numbers where item_id = any(\(changed))")
      try insertNumbers(of: changed)
    }
    return changed
  }

  /// Deletes those of the items that have lost their last source id, with all that hangs on them.
  func deleteOrphans(among candidates: [Int64]) throws -> [Int64] {
    if candidates.isEmpty { return [] }
    return try connection.query(
      """
      delete from items i
      where id = any(\(candidates))
        and not exists (select from item_sources s where s.item_id = i.id)
      returning id
      """
    ).map { try $0.value(at: 0) }
  }
}
