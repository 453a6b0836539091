import Alignment
import Postgres

/// An item that the corpus has already.
struct KnownItem: Sendable {
  let id: Int64
  /// Whether the model has a vector of its molecule.
  let hasMolecule: Bool
  /// Whether the model has a vector of its text.
  let hasText: Bool

  /// Takes the codes of the modalities that there are, or-ed.
  init(id: Int64, sides: Int16) {
    self.id = id
    hasMolecule = sides & Modality.molecule.storedCode != 0
    hasText = sides & Modality.text.storedCode != 0
  }

  func has(_ modality: Modality) -> Bool {
    switch modality {
    case .molecule: hasMolecule
    case .text: hasText
    }
  }
}

/// A source id that the corpus has already.
struct KnownSource {
  let itemID: Int64
  /// The line of this very job that it was read from; nil when it came from elsewhere.
  let line: Int?
}

/// Looks up what a corpus has.
///
/// Each key is looked up by itself, by way of a lateral join: what the planner knows of a corpus that
/// grows is old, and it would rather read the whole of it for a list of keys.
struct ItemLookup {
  let connection: Connection
  let corpusID: Int64
  let modelID: Int64

  /// The items of these contents.
  func items(_ keys: [ContentKey]) throws -> [ContentKey: KnownItem] {
    let rows = try connection.query(
      """
      select k.key, i.id, coalesce((
        select bit_or(modality) from embeddings e
        where e.item_id = i.id and e.model_id = \(modelID)), 0::smallint)
      from unnest(\(keys.map(\.bytes))) as k (key) cross join lateral (
        select id from items where corpus_id = \(corpusID) and content_key = k.key limit 1) i
      """)
    var known: [ContentKey: KnownItem] = [:]
    known.reserveCapacity(rows.count)
    for row in rows {
      known[ContentKey(stored: try row.value(at: 0))] = KnownItem(
        id: try row.value(at: 1), sides: try row.value(at: 2))
    }
    return known
  }

  /// The items of these numbers.
  func sides(of ids: [Int64]) throws -> [Int64: KnownItem] {
    let rows = try connection.query(
      """
      select id, coalesce((
        select bit_or(modality) from embeddings e
        where e.item_id = i.id and e.model_id = \(modelID)), 0::smallint)
      from items i where id = any(\(ids))
      """)
    var known: [Int64: KnownItem] = [:]
    for row in rows {
      let id: Int64 = try row.value(at: 0)
      known[id] = KnownItem(id: id, sides: try row.value(at: 1))
    }
    return known
  }

  /// The items of these source ids, by the bytes of the id; lines are those of a job.
  func sources(_ ids: [String], job: Int64?) throws -> [[UInt8]: KnownSource] {
    let rows = try connection.query(
      """
      select k.key, s.item_id, case when s.job_id = \(job) then s.source_line end
      from unnest(\(ids)) as k (key) cross join lateral (
        select item_id, job_id, source_line from item_sources
        where corpus_id = \(corpusID) and source_id = k.key limit 1) s
      """)
    var known: [[UInt8]: KnownSource] = [:]
    known.reserveCapacity(rows.count)
    for row in rows {
      known[Array(try row.value(at: 0, as: String.self).utf8)] = KnownSource(
        itemID: try row.value(at: 1), line: try row.value(at: 2))
    }
    return known
  }

  /// Whether a row's properties differ from those of its item.
  func differ(_ rows: [(key: ContentKey, properties: JSONText)]) throws -> Bool {
    if rows.isEmpty { return false }
    let (keys, properties) = (rows.map(\.key.bytes), rows.map(\.properties.text))
    return try connection.query(
      """
      select exists (
        select from unnest(\(keys), \(properties)) as r (key, properties) cross join lateral (
          select properties from items
          where corpus_id = \(corpusID) and content_key = r.key limit 1) i
        where i.properties <> r.properties::jsonb)
      """
    ).single().value(at: 0)
  }

  /// New numbers for items.
  func newIDs(_ count: Int) throws -> [Int64] {
    if count == 0 { return [] }
    return try connection.query(
      """
      select nextval(pg_get_serial_sequence('items', 'id')) from generate_series(1, \(count))
      """
    ).map { try $0.value(at: 0) }
  }
}
