import Postgres

/// An item's row, as results show it.
struct ItemRow: Sendable {
  let corpus: String
  /// At least one, the first that was read first.
  let sourceIDs: [String]
  let smiles: String?
  let text: String?
  let properties: JSONText

  /// The rows of the given items that there are, with one statement.
  static func read(
    _ ids: [Int64], from connection: Connection
  ) throws -> [Int64: ItemRow] {
    if ids.isEmpty { return [:] }
    var items: [Int64: ItemRow] = [:]
    for row in try connection.query(
      """
      select items.id, corpora.name, smiles, text, properties,
        (select to_json(array_agg(source_id order by source_line nulls last, source_id))
          from item_sources where item_id = items.id)
      from items join corpora on corpora.id = corpus_id where items.id = any(\(ids))
      """)
    {
      items[try row.value(at: 0)] = ItemRow(
        corpus: try row.value(at: 1),
        sourceIDs: try row.value(at: 5, as: JSONText?.self).map(Self.strings) ?? [],
        smiles: try row.value(at: 2), text: try row.value(at: 3),
        properties: try row.value(at: 4))
    }
    return items
  }

  /// The strings of a JSON array of PostgreSQL's making.
  static func strings(_ json: JSONText) -> [String] {
    guard case .array(let elements)? = try? JSONDocument(parsing: Array(json.text.utf8)) else {
      preconditionFailure("to_json made no array: \(json.text)")
    }
    return elements.map { element in
      guard case .string(let text) = element else {
        preconditionFailure("to_json made no string: \(json.text)")
      }
      return text
    }
  }
}
