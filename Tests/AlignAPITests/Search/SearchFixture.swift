import Alignment
import Digest
import Foundation
import Molecule
import Postgres
import Tensor
import TestSupport

@testable import AlignAPI

/// A tiny trained model and rows to index with it.
///
/// The model is bad at chemistry; the tests compare with its own vectors.
struct SearchFixture: Sendable {
  struct Compound: Sendable {
    let id: String
    let name: String
    let smiles: String
    let text: String
  }

  let checkpoint: Checkpoint
  let compounds: [Compound]
  /// Unit vectors, [compounds.count, 16].
  let molecules: Matrix
  let texts: Matrix

  /// The process's fixture, made when it is first asked for.
  static func shared() throws -> SearchFixture { try result.get() }

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
  static let pairs = 0..<40
  static let bare = 40..<60

  /// A database with both corpora indexed.
  func makeDatabase() throws -> ConnectionSettings {
    let settings = try TemporaryCluster.shared().makeDatabase()
    try fill(settings)
    return settings
  }

  /// Migrates a database and indexes both corpora.
  func fill(_ settings: ConnectionSettings) throws {
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
      let corpus: Int64 = try connection.query(
        "insert into corpora (name) values (\(name)) returning id"
      ).single().value(at: 0)
      try connection.execute(
        """
        insert into index_jobs (corpus_id, model_id, kind, source_path)
        values (\(corpus), \(model), 'file', '/corpus.tsv')
        """)
      for row in range {
        let compound = compounds[row]
        let text = name == "pairs" ? compound.text : nil
        let properties = JSONText("{\"name\": \"\(compound.name)\"}")
        let item: Int64 = try connection.query(
          """
          insert into items (corpus_id, smiles, text, properties)
          values (\(corpus), \(compound.smiles), \(text), \(properties)) returning id
          """
        ).single().value(at: 0)
        try connection.execute(
          """
          insert into item_sources (corpus_id, source_id, item_id)
          values (\(corpus), \(compound.id), \(item))
          """)
        try insert(molecules, row, item: item, model: model, modality: 1, connection)
        if text != nil {
          try insert(texts, row, item: item, model: model, modality: 2, connection)
        }
      }
    }
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
  func nearest(to query: ArraySlice<Float>, among rows: Range<Int>, in vectors: Matrix) -> [String]
  {
    let stored = HalfMatrix(rounding: vectors).widened()
    func score(_ row: Int) -> Float { zip(query, stored.row(row)).reduce(0) { $0 + $1.0 * $1.1 } }
    return rows.sorted { (-score($0), $0) < (-score($1), $1) }.map { compounds[$0].id }
  }
}
