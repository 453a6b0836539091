import Alignment
package import Digest
import Postgres
package import Retrieval

/// Reads items and a model's vectors from the database into memory.
///
/// Everything is read in one transaction, so that it belongs to the versions that were read first.
struct CorporaLoader: Sendable {
  /// The checkpoint whose vectors are wanted.
  let checksum: SHA256Digest
  /// The number of values of each vector.
  let dimension: Int
  /// Sides whose vectors are wanted.
  let modalities: [Modality]
  let policy: IndexPolicy

  /// The number of values of each vector that are read.
  var heldDimension: Int { policy.heldDimension(dimension) }

  /// Reads all corpora.
  ///
  /// Throws ``VectorLoaderError`` and ``PostgresError``.
  func load(from connection: Connection) throws -> CorporaEditor {
    try connection.readOnlySnapshot {
      var editor = CorporaEditor(
        dimension: heldDimension, policy: policy, epoch: try connection.databaseEpoch())
      for corpus in try CorpusVersion.all(connection) { editor.add(corpus) }
      try fill(&editor, from: connection)
      return editor
    }
  }

  /// The same corpora with one of them read anew, within a transaction of the caller's.
  ///
  /// Throws ``VectorLoaderError`` and ``PostgresError``.
  func reloading(
    _ corpus: CorpusVersion, in editor: CorporaEditor, from connection: Connection
  ) throws -> CorporaEditor {
    var fresh = editor
    fresh.drop(corpus.id)
    fresh.add(corpus)
    try fill(&fresh, of: corpus.id, from: connection)
    return fresh
  }

  /// Reads the items of a corpus, or of all, and builds their indexes; row by row.
  private func fill(
    _ editor: inout CorporaEditor, of corpus: Int64? = nil, from connection: Connection
  ) throws {
    let model = try modelID(connection)
    let condition: SQLStatement = corpus.map { "where items.corpus_id = \($0)" } ?? ""
    try connection.forEachRow(
      """
      select \(fragment: StoredItem.columns) from items \(fragment: condition) order by items.id
      """
    ) { row in
      editor.put(try StoredItem(row))
    }
    let members: SQLStatement? = corpus.map {
      "item_id in (select id from items where corpus_id = \($0))"
    }
    func vectors(_ modality: Modality, _ condition: SQLStatement?) throws -> [Int64: ExactIndex] {
      var vectors = VectorsByCorpus(dimension: heldDimension)
      try forEachVector(modality, of: model, in: connection, where: condition) { item, bytes in
        guard let corpus = editor.corpus(of: item) else { return }
        try vectors.append(bytes, item: item, corpus: corpus)
      }
      return vectors.finished()
    }
    var all: [Modality: [Int64: ExactIndex]] = [:]
    for modality in modalities { all[modality] = try vectors(modality, members) }
    var samples: [Modality: [Int64: ExactIndex]] = [:]
    let isMeasured = all.values.contains {
      $0.values.contains { [.coded, .graph].contains(policy.kind(for: $0.count)) }
    }
    if isMeasured {
      for modality in Modality.allCases where all[modality] == nil {
        samples[modality] = try vectors(modality, Self.sample(modality, of: model, corpus))
      }
    }
    editor.build(all, samples: samples)
  }

  /// Evenly spaced items of each corpus, or of one, that have a vector of a side.
  private static func sample(
    _ modality: Modality, of model: Int64, _ corpus: Int64?
  ) -> SQLStatement {
    let within: SQLStatement = corpus.map { "and items.corpus_id = \($0)" } ?? ""
    return """
      item_id in (
        select item_id from (
          select item_id, row_number() over corpus - 1 as place,
            count(*) over (partition by items.corpus_id) / \(Int64(IndexPolicy.recallSample)) as step
          from embeddings join items on items.id = item_id
          where model_id = \(model) and modality = \(modality.storedCode) \(fragment: within)
          window corpus as (partition by items.corpus_id order by item_id)) as numbered
        where place % greatest(1, step) = 0)
      """
  }

  /// Sees whether the database knows the model.
  ///
  /// Throws ``VectorLoaderError`` and ``PostgresError``.
  func check(_ connection: Connection) throws { _ = try modelID(connection) }

  /// Reads what has changed of a corpus's items.
  func read(
    _ items: [Int64], from connection: Connection
  ) throws -> (items: [StoredItem], vectors: [Modality: VectorsByCorpus]) {
    let model = try modelID(connection)
    let found = try connection.query(
      "select \(fragment: StoredItem.columns) from items where id = any(\(items))"
    ).map(StoredItem.init)
    let corpora = Dictionary(found.map { ($0.id, $0.corpus) }) { first, _ in first }
    var all: [Modality: VectorsByCorpus] = [:]
    for modality in modalities {
      var vectors = VectorsByCorpus(dimension: heldDimension)
      let named: SQLStatement = "item_id = any(\(items))"
      try forEachVector(modality, of: model, in: connection, where: named) { item, bytes in
        guard let corpus = corpora[item] else { return }
        try vectors.append(bytes, item: item, corpus: corpus)
      }
      all[modality] = vectors
    }
    return (found, all)
  }

  private func forEachVector(
    _ modality: Modality, of model: Int64, in connection: Connection,
    where condition: SQLStatement?,
    _ body: (Int64, Span<UInt8>) throws -> Void
  ) throws {
    let vector: SQLStatement = heldDimension == 0 ? "''::bytea" : "vector"
    var statement: SQLStatement = """
      select item_id, checksum = \(checksum.hexadecimal), \(fragment: vector)
      from embeddings where model_id = \(model) and modality = \(modality.storedCode)
      """
    if let condition { statement = "\(fragment: statement) and \(fragment: condition)" }
    try connection.forEachRow(statement) { row in
      let item: Int64 = try row.value(at: 0)
      guard try row.value(at: 1) else { throw VectorLoaderError.foreignVector(item: item) }
      try row.withElements(at: 2, as: UInt8.self) { bytes in try body(item, bytes) }
    }
  }

  private func modelID(_ connection: Connection) throws -> Int64 {
    let found = try connection.query(
      "select id, dimension from models where checksum = \(checksum.hexadecimal)")
    guard let row = found.first else { throw VectorLoaderError.unknownModel(checksum: checksum) }
    let stored: Int = try row.value(at: 1)
    guard stored == dimension else {
      throw VectorLoaderError.dimension(stored: stored, expected: dimension)
    }
    return try row.value(at: 0)
  }
}

/// A corpus and the version that its row has.
struct CorpusVersion: Sendable, Equatable {
  let id: Int64
  let name: String
  let version: Int64

  /// Every corpus.
  static func all(_ connection: Connection) throws -> [CorpusVersion] {
    try connection.query("select id, name, version from corpora order by id").map { row in
      CorpusVersion(
        id: try row.value(at: 0), name: try row.value(at: 1), version: try row.value(at: 2))
    }
  }
}

extension Connection {
  /// Runs `body` on one unchanging picture of the database.
  func readOnlySnapshot<Value>(_ body: () throws -> Value) throws -> Value {
    try transaction {
      try execute("set transaction isolation level repeatable read, read only")
      return try body()
    }
  }

  /// What tells the database from what it was before a restore.
  func databaseEpoch() throws -> String {
    try query("select epoch::text from database_epoch").single().value(at: 0)
  }
}

/// Why the stored vectors cannot be used.
package enum VectorLoaderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No corpus was indexed with this checkpoint.
  case unknownModel(checksum: SHA256Digest)
  /// The database has another dimension for this checkpoint.
  case dimension(stored: Int, expected: Int)
  /// The item's vector is marked with another checkpoint.
  case foreignVector(item: Int64)
  /// A vector has the wrong length or holds a value that is not finite.
  case badVector(VectorError)

  package var description: String {
    switch self {
    case .unknownModel(let checksum):
      "no corpus is indexed with this model (checksum \(checksum.hexadecimal.prefix(8))…); "
        + "run 'ligature index' first"
    case .dimension(let stored, let expected):
      "the database holds vectors of \(stored) numbers, the model makes \(expected)"
    case .foreignVector(let item):
      "the vector of item \(item) belongs to another checkpoint; index its corpus again"
    case .badVector(let error): "\(error); index its corpus again"
    }
  }
}
