import Postgres

/// Fills in what was computed of items of one corpus, and lets equal ones become one.
///
/// Part of a transaction that has the corpus for itself (``CorpusLock/changes``).
struct ItemMerging {
  let connection: Connection
  let corpus: StoredCorpus

  /// Stores all of it, with its entry in the change log.
  func store(_ items: [ComputedItem]) throws {
    try prepareTables()
    try copy(items)
    try findEqualItems()
    try moveSources()
    try moveEmbeddings()
    try connection.execute("delete from items where id in (select id from merged_items)")
    try fill()
    try connection.execute(
      """
      select record_change(\(corpus.id), null,
        array(select id from computed_items where id not in (select id from merged_items)
          union select keeper from merged_items order by id),
        array(select id from merged_items order by id))
      """)
  }

  private func prepareTables() throws {
    try connection.execute(
      """
      create temporary table if not exists computed_items on commit delete rows as
        select id, content_key, \(fragment: Self.columns) from items with no data
      """)
    try connection.execute(
      """
      create temporary table if not exists merged_items
        (id bigint primary key, keeper bigint not null) on commit delete rows
      """)
  }

  private static let columns: SQLStatement = MoleculeColumns.names.dropFirst().reduce(
    "\(identifier: MoleculeColumns.names[0])"
  ) { "\(fragment: $0), \(identifier: $1)" }

  private func copy(_ items: [ComputedItem]) throws {
    _ = try connection.copyIn(
      "computed_items", columns: ["id", "content_key"] + MoleculeColumns.names
    ) { writer in
      for item in items {
        writer.append(item.id)
        writer.append(item.key.bytes)
        MoleculeColumns.append(item.molecule, to: &writer)
        try writer.endRow()
      }
    }
    try connection.execute("analyze computed_items")
  }

  /// Of equal items the one that has the key already is kept, else the oldest.
  private func findEqualItems() throws {
    try connection.execute(
      """
      insert into merged_items (id, keeper)
      select id, keeper from (
        select c.id,
          coalesce(known.id, min(c.id) over (partition by c.content_key)) as keeper
        from computed_items c left join items known
          on known.corpus_id = \(corpus.id) and known.content_key = c.content_key
      ) as pairs where id <> keeper
      """)
  }

  /// Each source keeps the properties that it has, whichever item says them.
  private func moveSources() throws {
    try connection.execute(
      """
      update item_sources s set item_id = m.keeper,
        properties = nullif(coalesce(s.properties, gone.properties), kept.properties)
      from merged_items m join items gone on gone.id = m.id join items kept on kept.id = m.keeper
      where s.item_id = m.id
      """)
  }

  /// Of several embeddings for one place that of the oldest item moves; the others go with theirs.
  private func moveEmbeddings() throws {
    try connection.execute(
      """
      update embeddings e set item_id = m.keeper from merged_items m
      where e.item_id = m.id and not exists (
        select from embeddings o
        where o.modality = e.modality and o.model_id = e.model_id
          and (o.item_id = m.keeper or o.item_id in (
            select older.id from merged_items older
            where older.keeper = m.keeper and older.id < m.id)))
      """)
  }

  private func fill() throws {
    let assignments = MoleculeColumns.names.reduce("content_key = c.content_key") {
      (list: SQLStatement, name) in
      "\(fragment: list), \(identifier: name) = c.\(identifier: name)"
    }
    try connection.execute(
      """
      update items i set updated_at = now(), \(fragment: assignments)
      from computed_items c where i.id = c.id
      """)
  }
}
