package import Alignment
package import Postgres
import Retrieval
package import Tensor

/// Answers searches: encodes the query, finds the nearest vectors, reads the rows of the hits.
///
/// Queries that wait at the same time are encoded and searched as one batch on a thread of the
/// engine's own. With a re-ranker, the best molecules for a text are ordered anew once their rows
/// are read. The vectors are those that were loaded; items that the database no longer has are
/// left out of the results.
package final class SearchEngine: Sendable {
  package let model: AlignmentModel
  package let molecules: VectorCollection
  package let texts: VectorCollection
  /// What orders the best molecules for a text anew; nil for nothing.
  package let reranker: Reranker?
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
    reranker: Reranker? = nil, pool: ConnectionPool,
    waitingLimit: Int = SearchEngine.defaultWaitingLimit
  ) {
    self.model = model
    self.molecules = molecules
    self.texts = texts
    self.reranker = reranker
    self.pool = pool
    let batch = SearchBatch(
      model: model, molecules: molecules, texts: texts, reranker: reranker)
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
    var reorders: (text: String, depth: Int)?
    if let reranker, case .text(let text) = request.query, request.target == .molecules {
      reorders = (text, reranker.depth)
    }
    let demand = VectorCollection.Demand(
      count: max(request.count, reorders?.depth ?? 0), corpus: corpus)
    let (output, queued) = try await worker.submit(
      SearchJob(inputs: [request.query], purpose: .search(request.target, demand)))
    let start = ContinuousClock.now
    let rows = try await rows(of: output.hits.map(\.item.id))
    let read = ContinuousClock.now
    var hits = output.hits
    if let reorders {
      hits = try await reordered(hits, depth: reorders.depth, text: reorders.text, rows: rows)
    }
    var results: [SearchResult] = []
    for hit in hits where results.count < request.count {
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
        queue: queued, encode: output.encode, search: output.search, database: read - start,
        rerank: reorders == nil ? nil : .now - read))
  }

  /// The first `depth` hits by new scores, then the others as they were.
  private func reordered(
    _ hits: [VectorCollection.Hit], depth: Int, text: String, rows: [Int64: ItemRow]
  ) async throws -> [VectorCollection.Hit] {
    let best = hits.prefix(depth)
    if best.isEmpty { return hits }
    let job = SearchJob(
      inputs: [],
      purpose: .rerank(
        text: text,
        best.map { RerankCandidate(smiles: rows[$0.item.id]?.smiles, score: $0.item.score) }))
    // As heavy as a batch of queries: it gets one of its own.
    let (output, _) = try await worker.submit(job, weight: Self.batchSize)
    let scored = zip(best, output.scores).map { hit, score in
      VectorCollection.Hit(item: SearchHit(id: hit.item.id, score: score), corpus: hit.corpus)
    }
    return scored.sorted { $0.precedes($1) } + hits.dropFirst(depth)
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
        """
        select id, (
          select source_id from item_sources where item_id = items.id
          order by source_line, source_id limit 1
        ), smiles, text, properties from items where id = any(\(ids))
        """)
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
