import AlignAPI
package import Alignment
import Digest
import Foundation
import Molecule
package import Postgres
package import Tensor
import TestSupport

/// A tiny trained model and rows to index with it.
///
/// The model is bad at chemistry; the tests compare with its own vectors.
package struct SearchFixture: Sendable {
  package struct Compound: Sendable {
    package let id: String
    package let name: String
    package let smiles: String
    package let text: String
  }

  package let checkpoint: Checkpoint
  package let compounds: [Compound]
  /// Unit vectors, [compounds.count, 16].
  package let molecules: Matrix
  package let texts: Matrix

  /// The process's fixture, made when it is first asked for.
  package static func shared() throws -> SearchFixture { try result.get() }

  private static let result = Result { try SearchFixture() }

  private init() throws {
    compounds = try TinyModel.compounds(60).dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Compound(id: fields[0], name: fields[1], smiles: fields[2], text: fields[4])
    }
    let scratch = FileManager.default.temporaryDirectory.path + "/ligature-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    checkpoint = try TinyModel(compounds: 60, batchSize: 32, seed: 1, in: scratch).checkpoint
    molecules = checkpoint.model.encode(
      try compounds.map { try SMILESReader.read($0.smiles) })
    texts = checkpoint.model.encode(compounds.map(\.text))
  }

  /// The compounds of each corpus: pairs, and molecules alone.
  package static let pairs = 0..<40
  package static let bare = 40..<60

  /// A database with both corpora indexed.
  package func makeDatabase() throws -> ConnectionSettings {
    try TemporaryCluster.shared().makeDatabase(like: try Self.template.get())
  }

  /// A database with both corpora indexed that nobody connects to; copies of it are cheap.
  private static let template = Result {
    let settings = try TemporaryCluster.shared().makeDatabase()
    try shared().fill(settings)
    return settings
  }

  /// Migrates a database and indexes both corpora.
  package func fill(_ settings: ConnectionSettings) throws {
    let connection = try Connection(settings)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(connection)
    let model: Int64 = try connection.query(
      """
      insert into models (name, checksum, dimension, config)
      values ('tiny', \(checkpoint.checksum.hexadecimal), 16::integer, '{}') returning id
      """
    ).single().value(at: 0)
    try connection.execute("select add_embedding_partitions(\(model))")
    for (name, range) in [("pairs", Self.pairs), ("bare", Self.bare)] {
      try connection.execute("insert into corpora (name) values (\(name))")
      try insert(range, into: name, hasTexts: name == "pairs", connection)
    }
  }

  /// Adds compounds to a corpus in one transaction, and tells servers; returns their items.
  @discardableResult
  package func insert(
    _ rows: some Sequence<Int>, into corpus: String, hasTexts: Bool, _ connection: Connection
  ) throws -> [Int64] {
    try connection.transaction {
      let ids = try connection.query(
        "select corpora.id, models.id from corpora, models where corpora.name = \(corpus)"
      ).single()
      let (corpusID, model) = (
        try ids.value(at: 0, as: Int64.self), try ids.value(at: 1, as: Int64.self)
      )
      let items = try rows.map { row in
        try insert(row, corpus: corpusID, model: model, hasText: hasTexts, connection)
      }
      try connection.execute("select record_change(\(corpusID), \(model), \(items), '{}')")
      return items
    }
  }

  private func insert(
    _ row: Int, corpus: Int64, model: Int64, hasText: Bool, _ connection: Connection
  ) throws -> Int64 {
    let compound = compounds[row]
    let graph = try SMILESReader.read(compound.smiles)
    let numbers = MolecularDescriptors(of: graph)
    var generator = MorganGenerator(radius: 2)
    let fingerprint = Self.bytes(generator.bits(of: graph, size: 2048).words)
    let screen = Self.bytes(SubstructureScreen.bits(of: graph).words)
    let text = hasText ? compound.text : nil
    let properties = JSONText("{\"name\": \"\(compound.name)\"}")
    let item: Int64 = try connection.query(
      """
      insert into items (corpus_id, smiles, text, properties, fingerprint, screen)
      values (\(corpus), \(compound.smiles), \(text), \(properties), \(fingerprint), \(screen))
      returning id
      """
    ).single().value(at: 0)
    let values = Descriptor.allCases.map { "\($0.rawValue) = \($0.value(in: numbers))" }
    try connection.execute(
      "update items set \(fragment: SQLStatement(unsafeSQL: values.joined(separator: ", "))) where id = \(item)"
    )
    try connection.execute(
      """
      insert into item_sources (corpus_id, source_id, item_id)
      values (\(corpus), \(compound.id), \(item))
      """)
    try connection.execute(
      "insert into item_numbers (item_id, name, value) values (\(item), 'row', \(Double(row)))")
    try insert(molecules, row, item: item, model: model, modality: 1, connection)
    if hasText { try insert(texts, row, item: item, model: model, modality: 2, connection) }
    return item
  }

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  private func insert(
    _ vectors: Matrix, _ row: Int, item: Int64, model: Int64, modality: Int16,
    _ connection: Connection
  ) throws {
    let bytes = HalfMatrix(rounding: vectors.gatheringRows([row])).bits.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    try connection.execute(
      """
      insert into embeddings (item_id, model_id, modality, checksum, vector)
      values (\(item), \(model), \(modality), \(checkpoint.checksum.hexadecimal), \(bytes))
      """)
  }

  /// The ids of the compounds whose vectors are nearest to a vector, in the order of a full sort.
  ///
  /// Stored vectors are rounded to 16 bits, so the oracle rounds them too.
  package func nearest(to query: ArraySlice<Float>, among rows: Range<Int>, in vectors: Matrix)
    -> [String]
  {
    let stored = HalfMatrix(rounding: vectors).widened()
    func score(_ row: Int) -> Float { zip(query, stored.row(row)).reduce(0) { $0 + $1.0 * $1.1 } }
    return rows.sorted { (-score($0), $0) < (-score($1), $1) }.map { compounds[$0].id }
  }
}
