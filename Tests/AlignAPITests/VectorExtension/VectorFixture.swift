import Alignment
import Digest
import Foundation
import ModelTestSupport
import Postgres
import Retrieval
import Synchronization
import Tensor
import TestSupport
import Testing

@testable import AlignAPI

/// A database on the server with pgvector, with a tiny model and many items whose vectors lie around
/// those of its molecules.
struct VectorFixture: Sendable {
  let search: SearchFixture
  let database: ConnectionSettings
  /// Vectors of the molecules, [items, 16], rounded as they are stored; item i + 1 has row i.
  let vectors: Matrix
  let texts: Matrix

  static let items = 3_000

  /// With `enabled` the vectors lie in a table of that type.
  init(enabled type: VectorColumnType? = nil) throws {
    search = try SearchFixture.shared()
    (vectors, texts) = try Self.rows.get()
    let template = try type.map { try Self.enabledTemplate($0) } ?? Self.template.get()
    database = try TemporaryCluster.withVectors().makeDatabase(like: template)
  }

  /// A filled database with a table of that type that nobody connects to.
  private static func enabledTemplate(_ type: VectorColumnType) throws -> ConnectionSettings {
    try enabledTemplates.withLock { made in
      if let known = made[type] { return known }
      let fixture = try VectorFixture()
      try fixture.enable(type)
      made[type] = fixture.database
      return fixture.database
    }
  }

  private static let enabledTemplates = Mutex<[VectorColumnType: ConnectionSettings]>([:])

  /// The database of that type that tests share which only search.
  static func searched(_ type: VectorColumnType) throws -> VectorFixture {
    try searchedFixtures.withLock { made in
      if let known = made[type] { return known }
      let fixture = try VectorFixture(enabled: type)
      made[type] = fixture
      return fixture
    }
  }

  private static let searchedFixtures = Mutex<[VectorColumnType: VectorFixture]>([:])

  /// Molecules and texts: mixtures of two of the model's vectors, and noise.
  private static let rows = Result { () -> (Matrix, Matrix) in
    let search = try SearchFixture.shared()
    var generator = RandomSource(seed: 7)
    func mixed(_ vectors: Matrix) -> Matrix {
      var values: [Float] = []
      for _ in 0..<items {
        let first = vectors.row(Int.random(in: 0..<vectors.rows, using: &generator))
        let second = vectors.row(Int.random(in: 0..<vectors.rows, using: &generator))
        let share = Float.random(in: 0.5...1, using: &generator)
        let row = zip(first, second).map { first, second in
          share * first + (1 - share) * second + Float.random(in: -0.1...0.1, using: &generator)
        }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        values += row.map { $0 / length }
      }
      return HalfMatrix(rounding: Matrix(rows: items, columns: 16, values: values)).widened()
    }
    return (mixed(search.molecules), mixed(search.texts))
  }

  /// A filled database that nobody connects to.
  private static let template = Result { () -> ConnectionSettings in
    let settings = try TemporaryCluster.withVectors().makeDatabase()
    let connection = try Connection(settings)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(connection)
    let checksum = try SearchFixture.shared().checkpoint.checksum.hexadecimal
    let (vectors, texts) = try rows.get()
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values ('tiny', \(checksum), 16::integer, '{}')
      """)
    try connection.execute("select add_embedding_partitions(1)")
    try connection.execute("insert into corpora (name) values ('odd'), ('even')")
    try connection.execute(
      """
      insert into items (corpus_id, smiles, text)
      select 1 + i % 2, 'C', 'methane' from generate_series(1, \(items)) i
      """)
    try connection.execute(
      "insert into item_sources (corpus_id, source_id, item_id) select corpus_id, id, id from items"
    )
    try connection.execute(
      "insert into item_numbers (item_id, name, value) select id, 'row', id - 1 from items")
    for (modality, matrix) in [(Int16(1), vectors), (2, texts)] {
      try insert(
        matrix, items: Array(1...Int64(items)), modality: modality, checksum, connection)
    }
    try connection.execute("analyze")
    return settings
  }

  /// Writes embeddings as indexing does.
  static func insert(
    _ vectors: Matrix, items: [Int64], modality: Int16, _ checksum: String,
    _ connection: Connection
  ) throws {
    let halves = HalfMatrix(rounding: vectors)
    let codes = BinaryCodes.codes(of: halves)
    let width = codes.count / items.count
    _ = try connection.copyIn(
      "embeddings", columns: ["item_id", "model_id", "modality", "checksum", "vector", "code"]
    ) { writer in
      for (row, item) in items.enumerated() {
        writer.append(item)
        writer.append(Int64(1))
        writer.append(modality)
        writer.append(checksum)
        writer.append(elements: halves.bits.span.extracting(row * 16..<(row + 1) * 16))
        writer.append(Array(codes[row * width..<(row + 1) * width]))
        try writer.endRow()
      }
    }
  }

  var checksum: String { search.checkpoint.checksum.hexadecimal }

  func connect() throws -> Connection { try Connection(database) }

  func model(_ connection: Connection) throws -> StoredModel {
    try #require(try ModelStore(connection).find(name: "tiny"))
  }

  @discardableResult
  func enable(_ type: VectorColumnType = .halfvec) throws -> VectorTable {
    let connection = try connect()
    let building = VectorTableBuilding(try model(connection), type: type, settings: database)
    return try #require(try building.run(connection))
  }

  func engine(_ kind: IndexKind = .pgvector, follows: Bool = false) throws -> SearchEngine {
    try SearchEngine(
      checkpoint: search.checkpoint, database: database, policy: IndexPolicy(kind: kind),
      follows: follows)
  }

  /// What a check of the table finds.
  func differences() throws -> CheckFinding { try VectorTableCheck().find(connect()) }

  /// Queries that are no rows.
  static func queries(_ count: Int) -> [[Float]] {
    var generator = RandomSource(seed: 11)
    return (0..<count).map { _ in
      (0..<16).map { _ in Float.random(in: -1...1, using: &generator) }
    }
  }

  /// The share of the best scores that answers have: ties in any order count.
  static func recall(_ found: [Float], of exact: [Float]) -> Double {
    guard let worst = exact.last else { return found.isEmpty ? 1 : 0 }
    return Double(min(found.count { $0 >= worst - 1e-6 }, exact.count)) / Double(exact.count)
  }

  /// Scores of some rows for a query, best first, by a plain sum.
  func scores(_ query: [Float], in matrix: Matrix, where isAllowed: (Int) -> Bool) -> [Float] {
    let length = query.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return (0..<matrix.rows).filter(isAllowed).map { row in
      zip(query, matrix.row(row)).reduce(0) { $0 + $1.0 / length * $1.1 }
    }.sorted(by: >)
  }
}
