package import Postgres

/// An item as it is read and written by name: with one of its source ids, or the first.
package struct ItemRecord: Sendable, Equatable {
  package let id: Int64
  package let corpus: String
  package let sourceID: String
  /// All of them; the first that was read first.
  package let sourceIDs: [String]
  package let smiles: String?
  package let text: String?
  /// The source id's own.
  package let properties: JSONText
  package let updatedAt: Timestamp
}

/// Items of the database, looked up one by one and listed.
package struct ItemStore {
  private let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// The item that a source id stands for.
  package func find(_ sourceID: String, in corpus: String) throws -> ItemRecord? {
    try connection.query(
      """
      select i.id, c.name, s.source_id, \(fragment: Self.sourceIDs), i.smiles, i.text,
        coalesce(s.properties, i.properties), i.updated_at
      from corpora c join item_sources s on s.corpus_id = c.id join items i on i.id = s.item_id
      where c.name = \(corpus) and s.source_id = \(sourceID)
      """
    ).first.map(Self.record)
  }

  /// The item of that number.
  package func find(_ id: Int64) throws -> ItemRecord? {
    try connection.query("\(fragment: Self.selection) where i.id = \(id)").first.map(Self.record)
  }

  /// Items of a corpus behind an id up to another one, by ascending id.
  package func page(
    of corpus: StoredCorpus, after last: Int64, upTo newest: Int64, limit: Int
  ) throws -> [ItemRecord] {
    try connection.query(
      """
      \(fragment: Self.selection)
      where i.corpus_id = \(corpus.id) and i.id > \(last) and i.id <= \(newest)
      order by i.id limit \(limit)
      """
    ).map(Self.record)
  }

  /// The newest item of a corpus; 0 where there is none.
  package func newest(in corpus: StoredCorpus) throws -> Int64 {
    try connection.query(
      "select coalesce(max(id), 0) from items where corpus_id = \(corpus.id)"
    ).single().value(at: 0)
  }

  private static let sourceIDs: SQLStatement = """
    (select to_json(array_agg(o.source_id order by o.source_line nulls last, o.source_id))
      from item_sources o where o.item_id = i.id)
    """

  private static let selection: SQLStatement = """
    select i.id, c.name, null::text, \(fragment: sourceIDs), i.smiles, i.text, i.properties,
      i.updated_at
    from items i join corpora c on c.id = i.corpus_id
    """

  private static func record(_ row: Row) throws -> ItemRecord {
    let sourceIDs = try row.value(at: 3, as: JSONText?.self).map(ItemRow.strings) ?? []
    return ItemRecord(
      id: try row.value(at: 0), corpus: try row.value(at: 1),
      sourceID: try row.value(at: 2, as: String?.self) ?? sourceIDs.first ?? "",
      sourceIDs: sourceIDs, smiles: try row.value(at: 4), text: try row.value(at: 5),
      properties: try row.value(at: 6), updatedAt: try row.value(at: 7))
  }
}
