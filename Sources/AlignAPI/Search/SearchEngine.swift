package import Alignment
import Digest
import Molecule
package import Postgres
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
  /// How it admits, batches and remembers.
  package let inference: InferenceConfiguration
  package let database: DatabaseAccess
  private let worker: BatchWorker<SearchJob, SearchJobOutput>
  private let lookup: FilterLookup
  /// What asks the database for neighbours; nil where vectors are in memory.
  private let vectors: DatabaseVectors?
  private let embeddings: EmbeddingCache
  private let answers: AnswerCache
  private let itemRows: ItemRowCache
  private let metrics: EngineMetrics
  /// How far queries have moved away from the training texts; nil where that cannot be told.
  package let drift: DriftMonitor?

  init(
    model: AlignmentModel, checksum: SHA256Digest, follower: ChangeFollower,
    reranker: Reranker? = nil, vectors: DatabaseVectors? = nil, database: DatabaseAccess,
    inference: InferenceConfiguration = InferenceConfiguration(),
    metrics: EngineMetrics = EngineMetrics()
  ) {
    self.model = model
    self.follower = follower
    self.reranker = reranker
    self.vectors = vectors
    self.database = database
    self.inference = inference
    self.metrics = metrics
    lookup = FilterLookup(database)
    embeddings = EmbeddingCache(checksum: checksum, limit: inference.embeddingCacheBytes)
    answers = AnswerCache(limit: inference.answerCacheBytes)
    itemRows = ItemRowCache(limit: inference.rowCacheBytes)
    drift = model.driftReference.map { DriftMonitor($0) }
    let batch = SearchBatch(model: model, reranker: reranker, metrics: metrics)
    worker = BatchWorker(
      waitingLimit: inference.queueLimit, batchWeight: inference.batchSize,
      patience: inference.batchWait, metrics: metrics
    ) { jobs in
      batch.run(jobs)
    }
  }

  /// What is searched now.
  package var corpora: LoadedCorpora { follower.current }

  /// How to connect to the database that is searched.
  package var settings: ConnectionSettings { follower.settings }

  /// How many queries wait for their batch.
  package var waitingCount: Int { worker.waitingCount }

  /// How the caches of embeddings, of answers and of items' rows are doing.
  package var cacheStatus: (embeddings: CacheStatus, answers: CacheStatus, rows: CacheStatus) {
    (embeddings.status, answers.status, itemRows.status)
  }

  /// Finds the best items for a query.
  ///
  /// A search that was answered before is answered again without a scan and without the database,
  /// while the picture is the same and was compared with the database within the last second.
  /// Throws ``SearchError``, `CancellationError`, `PoolError` and ``PostgresError``.
  package func search(_ request: SearchRequest) async throws -> SearchAnswer {
    let corpora = corpora
    if let name = request.corpus, corpora.place(of: name) == nil {
      throw SearchError.unknownCorpus(name)
    }
    guard inference.answerCacheBytes > 0, follower.isFresh else {
      return try await search(request, in: corpora).answer
    }
    let key = CacheKey(request, picture: corpora.number)
    if let known = answers.entry(of: key, picture: corpora.number) {
      if let vector = known.vector, case .text = request.query { drift?.note(vector) }
      return known.answer
    }
    let entry = try await search(request, in: corpora)
    answers.insert(
      AnswerCache.Entry(answer: entry.answer.untimed, vector: entry.vector), for: key,
      picture: corpora.number)
    return entry.answer
  }

  /// A search by way of the worker and the database.
  private func search(
    _ request: SearchRequest, in corpora: LoadedCorpora
  ) async throws -> AnswerCache.Entry {
    var run = SearchRun(
      request, corpora, worker: worker, lookup: lookup, database: database,
      embeddings: embeddings, metrics: metrics, vectors: vectors)
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
    let rows =
      missing.isEmpty ? known : try await rows(of: missing).merging(known) { read, _ in read }
    var timings = run.timings
    timings.database += .now - start + page.readTime
    timings.rerank = rerankTime
    metrics.record(timings, usedVectors: run.indexUse != nil)
    if let vector = run.vector, case .text = request.query { drift?.note(vector) }
    let answer = SearchAnswer(
      results: results(of: request, page, rows),
      index: run.indexUse,
      cursor: page.cursor, timings: timings)
    return AnswerCache.Entry(answer: answer, vector: run.vector)
  }

  private func results(
    of request: SearchRequest, _ page: SearchPage, _ rows: [Int64: ItemRow]
  ) -> [SearchResult] {
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
    return results
  }

  /// Unit vectors of texts or molecules; [inputs.count, dimension].
  ///
  /// What was encoded before is not encoded again. Works on slices the size of a batch, so that
  /// searches get their turn between them. Throws ``SearchError`` `.overloaded` and
  /// `CancellationError`.
  package func encode(_ inputs: [SearchQuery]) async throws -> Matrix {
    let keys = inputs.map(embeddings.key)
    var vectors = keys.map { $0.flatMap(embeddings.vector) }
    let open = inputs.indices.filter { vectors[$0] == nil }
    for start in stride(from: 0, to: open.count, by: inference.batchSize) {
      let places = open[start..<min(start + inference.batchSize, open.count)]
      let (output, queued) = try await worker.submit(
        SearchJob(inputs: places.map { inputs[$0] }, purpose: .encode), weight: places.count)
      metrics.record(.queue, queued)
      for (row, place) in places.enumerated() {
        let vector = Array(output.vectors.row(row))
        vectors[place] = vector
        if let key = keys[place] { embeddings.insert(vector, for: key) }
      }
    }
    return Matrix(
      rows: inputs.count, columns: model.dimension, values: vectors.flatMap { $0 ?? [] })
  }

  /// Asks the database for nothing, to see whether it answers; throws what it says.
  package func checkDatabase() async throws {
    try await database.withConnection { connection in _ = try connection.query("select 1") }
  }

  /// Scores of molecules for a text by the re-ranker.
  func rerankedScores(_ text: String, _ candidates: [RerankCandidate]) async throws -> [Float] {
    // As heavy as a batch of queries: it gets one of its own.
    let (output, _) = try await worker.submit(
      SearchJob(inputs: [], purpose: .rerank(text: text, candidates)), weight: inference.batchSize)
    return output.scores
  }

  /// The rows of the given items that there are; those that were read before only while it is sure
  /// that they have not changed for longer than a second.
  func rows(of ids: [Int64]) async throws -> [Int64: ItemRow] {
    if ids.isEmpty { return [:] }
    let isKept = inference.rowCacheBytes > 0 && follower.isFresh
    let states = isKept ? follower.current.statesByName : [:]
    let known = isKept ? itemRows.rows(of: ids, at: states) : [:]
    let missing = known.isEmpty ? ids : ids.filter { known[$0] == nil }
    if missing.isEmpty { return known }
    let read = try await database.withConnection { try ItemRow.read(missing, from: $0) }
    if isKept { itemRows.insert(read, at: states) }
    return known.isEmpty ? read : known.merging(read) { _, new in new }
  }

  /// Stored vectors of some items, [found.count, storedDimension], with the items found.
  func vectors(
    of ids: [Int64], _ target: SearchTarget, checksum: String
  ) async throws -> (ids: [Int64], vectors: Matrix) {
    let dimension = model.storedDimension
    return try await database.withConnection { connection in
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

extension SearchAnswer {
  /// The same as an answer that took no time.
  fileprivate var untimed: SearchAnswer {
    SearchAnswer(results: results, index: index, cursor: cursor, timings: SearchTimings())
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
