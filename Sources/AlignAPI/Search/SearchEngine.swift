package import Alignment
import Molecule
import Postgres
import Retrieval
package import Tensor

/// Answers searches: encodes the query, finds the best items, reads their rows.
///
/// Queries that wait at the same time are encoded and searched as one batch on a thread of the
/// engine's own. With a re-ranker, the best molecules for a text are ordered anew once their rows
/// are read. What is searched is a picture of the database that a ``ChangeFollower`` keeps fresh;
/// items that the database no longer has are left out of the results.
package final class SearchEngine: Sendable {
  package let model: AlignmentModel
  /// What orders the best molecules for a text anew; nil for nothing.
  package let reranker: Reranker?
  /// What keeps the picture fresh.
  package let follower: ChangeFollower
  private let pool: ConnectionPool
  private let worker: BatchWorker<SearchJob, SearchJobOutput>
  private let lookup: FilterLookup
  /// What asks the database for neighbours; nil where vectors are in memory.
  private let vectors: DatabaseVectors?

  /// Queries in one batch.
  package static let batchSize = 16
  /// Queries that may wait: four batches.
  ///
  /// Below the requests that the daemon has handled at a time, so that the engine refuses first.
  package static let defaultWaitingLimit = 4 * batchSize

  init(
    model: AlignmentModel, follower: ChangeFollower, reranker: Reranker? = nil,
    vectors: DatabaseVectors? = nil, pool: ConnectionPool,
    waitingLimit: Int = SearchEngine.defaultWaitingLimit
  ) {
    self.model = model
    self.follower = follower
    self.reranker = reranker
    self.pool = pool
    self.vectors = vectors
    lookup = FilterLookup(pool)
    let batch = SearchBatch(model: model, reranker: reranker)
    worker = BatchWorker(waitingLimit: waitingLimit, batchWeight: Self.batchSize) { jobs in
      batch.run(jobs)
    }
  }

  /// What is searched now.
  package var corpora: LoadedCorpora { follower.current }

  /// How many queries wait for their batch.
  package var waitingCount: Int { worker.waitingCount }

  /// Finds the best items for a query.
  ///
  /// Throws ``SearchError``, `CancellationError`, `PoolError` and ``PostgresError``.
  package func search(_ request: SearchRequest) async throws -> SearchAnswer {
    let corpora = corpora
    if let name = request.corpus, corpora.place(of: name) == nil {
      throw SearchError.unknownCorpus(name)
    }
    var run = SearchRun(
      request, corpora, worker: worker, lookup: lookup, vectors: vectors, pool: pool)
    let page: SearchPage
    var rerankTime: Duration?
    if request.groupsByScaffold {
      page = try await grouped(&run)
    } else if request.diversity > 0 {
      page = try await diverse(&run)
    } else if let reranker, let text = request.rerankedText {
      page = try await reranked(&run, text, reranker, time: &rerankTime)
    } else {
      page = try await paged(&run)
    }
    let start = ContinuousClock.now
    let known = page.rows
    let missing = page.candidates.map(\.id).filter { known[$0] == nil }
    let rows = try await rows(of: missing).merging(known) { read, _ in read }
    var timings = run.timings
    timings.database += .now - start
    timings.rerank = rerankTime
    let first = request.cursor?.offset ?? 0
    var results: [SearchResult] = []
    for candidate in page.candidates {
      guard let row = rows[candidate.id] else { continue }
      let group = page.groups[candidate.id]
      results.append(
        SearchResult(
          rank: first + results.count + 1, id: candidate.id, sourceID: row.sourceIDs.first ?? "",
          sourceIDs: row.sourceIDs, corpus: row.corpus, score: candidate.score,
          ranks: candidate.ranks, smiles: row.smiles, text: row.text, properties: row.properties,
          scaffold: group?.scaffold, groupSize: group?.size))
      if results.count == request.count { break }
    }
    return SearchAnswer(
      results: results, index: run.indexUse, cursor: page.cursor, timings: timings)
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

  /// Scores of molecules for a text by the re-ranker.
  func rerankedScores(_ text: String, _ candidates: [RerankCandidate]) async throws -> [Float] {
    // As heavy as a batch of queries: it gets one of its own.
    let (output, _) = try await worker.submit(
      SearchJob(inputs: [], purpose: .rerank(text: text, candidates)), weight: Self.batchSize)
    return output.scores
  }

  /// The rows of the given items that there are.
  func rows(of ids: [Int64]) async throws -> [Int64: ItemRow] {
    if ids.isEmpty { return [:] }
    return try await pool.withConnection { try ItemRow.read(ids, from: $0) }
  }

  /// Stored vectors of some items, [found.count, storedDimension], with the items found.
  func vectors(
    of ids: [Int64], _ target: SearchTarget, checksum: String
  ) async throws -> (ids: [Int64], vectors: Matrix) {
    let dimension = model.storedDimension
    return try await pool.withConnection { connection in
      var found: [Int64] = []
      var bits: [UInt16] = []
      try connection.forEachRow(
        """
        select item_id, vector from embeddings join models on models.id = model_id
        where models.checksum = \(checksum) and modality = \(target.modality.storedCode)
          and item_id = any(\(ids))
        """
      ) { row in
        try row.withElements(at: 1, as: UInt16.self) { halves in
          guard halves.count == dimension else { return }
          found.append(try row.value(at: 0))
          for place in halves.indices { bits.append(UInt16(littleEndian: halves[place])) }
        }
      }
      return (
        found, HalfMatrix(rows: found.count, columns: dimension, bits: bits).widened()
      )
    }
  }
}

extension SearchRequest {
  /// The text whose best molecules a re-ranker orders anew; nil where it has no say.
  fileprivate var rerankedText: String? {
    guard case .text(let text) = query, target == .molecules, ranking == .embedding,
      cursor == nil
    else { return nil }
    return text
  }
}
