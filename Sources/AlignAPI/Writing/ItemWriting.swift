import Alignment
package import Postgres
import Records
import Tensor

/// Writes items one by one or in batches under the served model: each batch is one transaction with
/// its vectors, its entry in the change log and whatever else belongs to it.
package struct ItemWriting: Sendable {
  private let engine: SearchEngine
  private let pool: ConnectionPool

  /// Rows in one transaction at most.
  package static let batchRows = 256
  /// How often it is tried, because items or the corpus went away meanwhile.
  private static let tries = 3
  /// What reports of refused rows call their file.
  private static let path = "the request"

  /// Encodes with the engine's batches, and writes through a pool whose connections are
  /// ``ConnectionSettings/withPlansForFewRows``.
  package init(engine: SearchEngine, pool: ConnectionPool) {
    self.engine = engine
    self.pool = pool
  }

  /// Applies changes of different source ids in one transaction; the corpus is made when there is
  /// none and something is put.
  ///
  /// Throws ``SearchError``, `PostgresError`, `PoolError`, ``IndexError`` and what the steps throw;
  /// then nothing is stored.
  package func apply<Answer: Sendable>(
    _ changes: [ItemChange], to corpus: String, _ steps: ItemWriteSteps<Answer>
  ) async throws -> Answer {
    var attempt = 1
    while true {
      let prepared = try await prepare(changes, corpus)
      do {
        return try await pool.withConnection { connection in
          let transaction = ItemTransaction(
            connection: connection, corpus: corpus, checksum: engine.follower.checksum,
            prepared: prepared)
          return try transaction.run(steps)
        }
      } catch ChunkInterruption.vectorsMissing where attempt < Self.tries {
        attempt += 1
      } catch let error as PostgresError
        where attempt < Self.tries && (error.isWriteConflict || error.isRaised)
      {
        attempt += 1
      }
    }
  }

  /// Reads molecules and encodes what the corpus lacks.
  private func prepare(_ changes: [ItemChange], _ corpus: String) async throws -> PreparedChanges {
    let checksum = engine.follower.checksum
    var (prepared, demand) = try await pool.withConnection { connection in
      let records = changes.compactMap { change in
        if case .put(let record) = change { record } else { nil }
      }
      var prepared = PreparedChanges(
        changes: changes, chunk: PreparedChunk(records.map { .record($0) }, path: Self.path))
      var known: [ContentKey: KnownItem] = [:]
      if let stored = try CorpusStore(connection).find(corpus), !prepared.chunk.contents.isEmpty {
        let model = try ModelStore(connection).served(checksum)
        known = try ItemLookup(
          connection: connection, corpusID: stored.id, modelID: model.id
        ).items(prepared.chunk.contents.map(\.key))
      }
      prepared.chunk.isUnknown = known.isEmpty
      let contents = prepared.chunk.contents
      return (prepared, VectorDemand(contents, known: contents.map { known[$0.key] }))
    }
    prepared.chunk.vectors = try await vectors(demand)
    return prepared
  }

  /// Vectors by way of the engine's batches.
  private func vectors(_ demand: VectorDemand) async throws -> ContentVectors {
    let (molecules, texts) = (demand.molecules, demand.texts)
    if molecules.isEmpty && texts.isEmpty { return .none }
    let rows = try await engine.encode(
      molecules.map { .molecule($0) } + texts.map { .text($0) })
    let split = molecules.count
    return try ContentVectors(
      of: demand,
      molecules: molecules.isEmpty
        ? nil : engine.model.stored(rows.gatheringRows(Array(0..<split)), of: molecules),
      texts: texts.isEmpty
        ? nil : engine.model.stored(rows.gatheringRows(Array(split..<rows.rows)), of: texts),
      path: Self.path)
  }
}

/// What belongs to a transaction beside the items.
package struct ItemWriteSteps<Answer: Sendable>: Sendable {
  /// Its first work; what it returns ends it as the answer.
  package var begin: @Sendable (Connection) throws -> Answer?
  /// Looks at what is there while no other write to the corpus can come between.
  package var check: (@Sendable (Connection) throws -> Void)?
  /// Makes the answer from what was done, before the commit.
  package var finish: @Sendable (Connection, ItemWriteOutcome) throws -> Answer

  package init(
    begin: @escaping @Sendable (Connection) throws -> Answer?,
    check: (@Sendable (Connection) throws -> Void)? = nil,
    finish: @escaping @Sendable (Connection, ItemWriteOutcome) throws -> Answer
  ) {
    self.begin = begin
    self.check = check
    self.finish = finish
  }
}

/// Changes whose molecules are read and encoded.
struct PreparedChanges: Sendable {
  let changes: [ItemChange]
  /// The rows that are put; refused ones among its rejects.
  var chunk: PreparedChunk
}

extension PostgresError {
  /// Whether a function of ours has refused, as `record_change` does for a corpus that has gone.
  fileprivate var isRaised: Bool { sqlState == "P0001" }
}

extension ModelStore {
  /// The served model; throws ``IndexError/unknownModel(checksum:)`` when the database has it no more.
  func served(_ checksum: String) throws -> StoredModel {
    guard let model = try find(checksum: checksum) else {
      throw IndexError.unknownModel(checksum: checksum)
    }
    return model
  }
}
