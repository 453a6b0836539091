import AlignAPI
import Alignment
import Foundation
import ModelTestSupport
import Postgres
import TestSupport
import Testing

/// A database with every migration applied, filled by SQL.
struct StoreFixture {
  let settings: ConnectionSettings
  let connection: Connection

  init() throws {
    settings = try TemporaryCluster.shared().makeDatabase()
    connection = try Connection(settings)
    try Self.migrator().migrate(connection)
  }

  static func migrator() throws -> Migrator {
    try Migrator(folder: TinyModel.root + "/migrations")
  }

  /// A model with its partitions; its checksum is one digit, repeated.
  @discardableResult
  func addModel(_ name: String, digit: Int = 1, dimension: Int = 4) throws -> StoredModel {
    let checksum = String(repeating: String(digit, radix: 16), count: 64)
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values (\(name), \(checksum), \(Int32(dimension)), '{}')
      """)
    let model = try #require(try ModelStore(connection).find(checksum: checksum))
    try connection.execute("select add_embedding_partitions(\(model.id))")
    return model
  }

  /// An item with these source ids; its content is not computed.
  @discardableResult
  func addItem(
    _ corpus: StoredCorpus, smiles: String? = nil, text: String? = nil, sources: [String] = [],
    properties: String = "{}"
  ) throws -> Int64 {
    let id: Int64 = try connection.query(
      """
      insert into items (corpus_id, smiles, text, properties)
      values (\(corpus.id), \(smiles), \(text), \(JSONText(properties))) returning id
      """
    ).single().value(at: 0)
    for source in sources { try addSource(source, of: id, in: corpus) }
    return id
  }

  func addSource(
    _ source: String, of item: Int64, in corpus: StoredCorpus, properties: String? = nil
  ) throws {
    try connection.execute(
      """
      insert into item_sources (corpus_id, source_id, item_id, properties)
      values (\(corpus.id), \(source), \(item), \(properties.map { JSONText($0) }))
      """)
  }

  /// An embedding of that many numbers, the model's dimension where none is stated.
  func embed(
    _ item: Int64, _ modality: Modality, _ model: StoredModel, numbers: Int? = nil
  ) throws {
    let vector = [UInt8](repeating: 0x3c, count: 2 * (numbers ?? model.dimension))
    try connection.execute(
      """
      insert into embeddings (item_id, model_id, modality, checksum, vector)
      values (\(item), \(model.id), \(modality.storedCode), \(model.checksum), \(vector))
      """)
  }

  func count(_ table: String) throws -> Int {
    try connection.query("select count(*) from \(identifier: table)").single().value(at: 0)
  }

  /// The only column of a statement, as text.
  func texts(_ statement: SQLStatement) throws -> [String] {
    try connection.query(statement).map { try $0.value(at: 0) }
  }

  /// The change log from its beginning: `version: written / deleted`.
  func changes(_ corpus: StoredCorpus) throws -> [String] {
    try texts(
      """
      select version || ':' || coalesce(' model ' || model_id, '') || ' '
        || array_to_string(written, ',') || ' / ' || array_to_string(deleted, ',')
      from changes where corpus_id = \(corpus.id) order by version
      """)
  }
}
