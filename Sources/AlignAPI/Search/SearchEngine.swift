package import Alignment
package import Postgres
import Retrieval
package import Tensor

/// Answers searches: encodes the query, finds the nearest vectors, reads the rows of the hits.
///
/// Queries that wait at the same time are encoded and searched as one batch on a thread of the
/// engine's own. The vectors are those that were loaded; items that the database no longer has are
/// left out of the results.
package final class SearchEngine: Sendable {
  package let model: AlignmentModel
  package let molecules: VectorCollection
  package let texts: VectorCollection
  private let pool: ConnectionPool
  private let worker: BatchWorker<SearchJob, SearchJobOutput>

  /// Queries in one batch.
  package static let batchSize = 16
  /// Queries that may wait: four batches.
  ///
  /// Below the requests that the daemon has handled at a time, so that the engine refuses first.
  package static let defaultWaitingLimit = 4 * batchSize

  package init(
    model: AlignmentModel, molecules: VectorCollection, texts: VectorCollection,
    pool: ConnectionPool, waitingLimit: Int = SearchEngine.defaultWaitingLimit
  ) {
    self.model = model
    self.molecules = molecules
    self.texts = texts
    self.pool = pool
    let batch = SearchBatch(model: model, molecules: molecules, texts: texts)
    worker = BatchWorker(waitingLimit: waitingLimit, batchWeight: Self.batchSize) { jobs in
      batch.run(jobs)
    }
  }

  /// How many queries wait for their batch.
  package var waitingCount: Int { worker.waitingCount }

  /// Finds the items nearest to a query.
  ///
  /// Throws ``SearchError``, `CancellationError`, `PoolError` and ``PostgresError``.
  package func search(_ request: SearchRequest) async throws -> SearchAnswer {
    let vectors = request.target == .molecules ? molecules : texts
    var corpus: Int?
    if let name = request.corpus {
      guard let place = vectors.place(of: name) else { throw SearchError.unknownCorpus(name) }
      corpus = place
    }
    let demand = VectorCollection.Demand(count: request.count, corpus: corpus)
    let (output, queued) = try await worker.submit(
      SearchJob(inputs: [request.query], purpose: .search(request.target, demand)))
    let start = ContinuousClock.now
    let rows = try await rows(of: output.hits.map(\.item.id))
    var results: [SearchResult] = []
    for hit in output.hits {
      guard let row = rows[hit.item.id] else { continue }
      results.append(
        SearchResult(
          rank: results.count + 1, id: hit.item.id, sourceID: row.sourceID,
          corpus: vectors.corpora[hit.corpus].name, score: hit.item.score, smiles: row.smiles,
          text: row.text, properties: row.properties))
    }
    return SearchAnswer(
      results: results,
      timings: SearchTimings(
        queue: queued, encode: output.encode, search: output.search, database: .now - start))
  }

  /// Unit vectors of texts or molecules; [inputs.count, dimension].
  ///
  /// Works on slices the size of a batch, so that searches get their turn between them. Throws
  /// ``SearchError`` `.overloaded` and `CancellationError`.
  package func encode(_ inputs: [SearchQuery]) async throws -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(inputs.count * model.dimension)
    for start in stride(from: 0, to: inputs.count, by: Self.batchSize) {
      let slice = Array(inputs[start..<min(start + Self.batchSize, inputs.count)])
      let (output, _) = try await worker.submit(
        SearchJob(inputs: slice, purpose: .encode), weight: slice.count)
      values += output.vectors.values
    }
    return Matrix(rows: inputs.count, columns: model.dimension, values: values)
  }

  /// Asks the database for nothing, to see whether it answers; throws what it says.
  package func checkDatabase() async throws {
    try await pool.withConnection { connection in _ = try connection.query("select 1") }
  }

  private struct ItemRow: Sendable {
    let sourceID: String
    let smiles: String?
    let text: String?
    let properties: JSONText
  }

  /// The rows of the given items that there are, with one statement.
  private func rows(of ids: [Int64]) async throws -> [Int64: ItemRow] {
    if ids.isEmpty { return [:] }
    return try await pool.withConnection { connection in
      let rows = try connection.query(
        "select id, source_id, smiles, text, properties from items where id = any(\(ids))")
      var items: [Int64: ItemRow] = [:]
      for row in rows {
        items[try row.value(at: 0)] = ItemRow(
          sourceID: try row.value(at: 1), smiles: try row.value(at: 2), text: try row.value(at: 3),
          properties: try row.value(at: 4))
      }
      return items
    }
  }
}
