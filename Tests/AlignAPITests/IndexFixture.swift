import AlignAPI
import Alignment
import Foundation
import ModelTestSupport
import Postgres
import Tensor
import TestSupport

/// Tiny models, corpus files and databases for the tests of stores and indexing.
struct IndexFixture {
  let settings: ConnectionSettings
  let folder: String

  /// A database that is there already.
  init(settings: ConnectionSettings, folder: String) {
    self.settings = settings
    self.folder = folder
  }

  /// A database with every migration applied, and a folder of its own.
  init() throws {
    settings = try TemporaryCluster.shared().makeDatabase()
    try Self.migrator().migrate(Connection(settings))
    folder = try Self.makeFolder()
  }

  static func migrator() throws -> Migrator {
    try Migrator(folder: TinyModel.root + "/migrations")
  }

  /// One folder for everything that this process writes, removed when it ends.
  private static let processFolder: String = {
    atexit { try? FileManager.default.removeItem(atPath: IndexFixture.processFolder) }
    return NSTemporaryDirectory() + "ligature-index-\(ProcessInfo.processInfo.processIdentifier)"
  }()

  static func makeFolder() throws -> String {
    let folder = processFolder + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// The first rows of the shipped compounds, with the header.
  static func compounds(_ count: Int) throws -> [String] { try TinyModel.compounds(count) }

  /// Two models of 16 numbers that differ in their seed; trained once for all tests.
  static func model(_ number: Int = 0) throws -> TinyModel { try models.get()[number] }

  private static let models = Result {
    try [1, 2].map { seed in
      try TinyModel(compounds: 24, batchSize: 12, seed: seed, in: makeFolder())
    }
  }

  var rejectsPath: String { folder + "/rejects.tsv" }

  /// Writes a file of these lines and returns its path.
  func file(_ lines: [String], name: String = "corpus.tsv") throws -> String {
    let path = folder + "/" + name
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  func indexer(model: Int = 0, chunkRows: Int = 8) throws -> Indexer {
    let model = try Self.model(model)
    var indexer = Indexer(
      checkpoint: model.checkpoint, modelFolder: model.folder, settings: settings)
    indexer.chunkRows = chunkRows
    return indexer
  }

  func request(_ path: String, isStrict: Bool = false) -> Indexer.Request {
    Indexer.Request(path: path, corpus: "test", rejectsPath: rejectsPath, isStrict: isStrict)
  }

  /// Indexes a file under a model.
  @discardableResult
  func index(_ path: String, model: Int = 0, chunkRows: Int = 8) throws -> IndexOutcome {
    try indexer(model: model, chunkRows: chunkRows).index(request(path))
  }

  /// One text for each row of a query; columns are joined by `|`, NULL is `-`.
  func rows(_ query: SQLStatement) throws -> [String] {
    let rows = try Connection(settings).query(query)
    return try rows.map { row in
      try rows.columnNames.indices.map { try row.value(at: $0, as: String?.self) ?? "-" }
        .joined(separator: "|")
    }
  }

  /// Everything that is stored, with the transaction that wrote it.
  func snapshot() throws -> [String] {
    try rows("select id::text, smiles, text, properties::text, xmin::text from items order by id")
      + rows("select item_sources::text, xmin::text from item_sources order by source_id")
      + rows(
        """
        select item_id::text, model_id::text, modality::text, encode(vector, 'hex'), xmin::text
        from embeddings order by item_id, model_id, modality
        """) + rows("select index_jobs::text from index_jobs")
  }

  /// Lines and reasons of the rejects file, without its header.
  func rejects() throws -> [String] {
    guard let data = FileManager.default.contents(atPath: rejectsPath) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst().map { row in
      let fields = row.split(separator: "\t", omittingEmptySubsequences: false)
      return "\(fields[1]) \(fields[2]): \(fields[3])"
    }
  }
}
