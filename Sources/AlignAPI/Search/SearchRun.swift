import Alignment
import Molecule
import Retrieval
import Tensor

/// One search on its way: from the query to the candidates in the order of the ranking.
struct SearchRun {
  let request: SearchRequest
  /// The picture that the search began with.
  let corpora: LoadedCorpora
  let worker: BatchWorker<SearchJob, SearchJobOutput>
  let lookup: FilterLookup
  let database: DatabaseAccess
  let embeddings: EmbeddingCache
  let metrics: EngineMetrics
  /// What asks the database for neighbours; nil where vectors are in memory.
  let vectors: DatabaseVectors?
  private(set) var timings = SearchTimings()
  /// The index that vectors were searched by; nil where none were.
  private(set) var indexUse: IndexUse?

  /// The filter with the corpus that was asked for.
  private let filter: SearchFilter?
  private var passing: FilteredItems?
  /// The items that the first page could have had; nil where these are all.
  private let older: ItemIDSet?
  /// The query as a vector, once it is encoded.
  private(set) var vector: [Float]?

  /// Ranks that each list gives to a fused ranking: always as many, so that scores do not depend on
  /// the page.
  private static let fusedDepth = 1000
  /// Undecided items of which all are looked at when the best of a ranking do not suffice.
  private static let decideAllLimit = 4096

  init(
    _ request: SearchRequest, _ corpora: LoadedCorpora,
    worker: BatchWorker<SearchJob, SearchJobOutput>, lookup: FilterLookup,
    database: DatabaseAccess, embeddings: EmbeddingCache, metrics: EngineMetrics,
    vectors: DatabaseVectors?
  ) {
    self.request = request
    self.corpora = corpora
    self.worker = worker
    self.lookup = lookup
    self.database = database
    self.embeddings = embeddings
    self.metrics = metrics
    self.vectors = vectors
    let newest = request.cursor?.newest ?? .max
    older = (corpora.items.all.largest ?? 0) > newest ? corpora.items.all.upTo(newest) : nil
    // A corpus alone is a range of indexes in memory; elsewhere it is one of items.
    if let name = request.corpus,
      request.filter != nil || request.ranking != .embedding || vectors != nil
    {
      filter = .all([.corpus(name)] + (request.filter.map { [$0] } ?? []))
    } else {
      filter = request.filter
    }
  }

  /// The first `depth` items that the filter lets through, best first; fewer when there are fewer.
  mutating func candidates(_ depth: Int) async throws -> [Candidate] {
    guard let filter else { return try await ranked(depth, among: older) }
    if passing == nil { try await look(filter) }
    guard var items = passing else { preconditionFailure("the filter was looked up") }
    var reach = depth
    while true {
      let found = try await ranked(reach, among: items.possible)
      var undecided = found.filter { !items.certain.contains($0.id) }.map(\.id)
      if undecided.isEmpty { return Array(found.prefix(depth)) }
      let open = items.possible.subtracting(items.certain)
      // Looking at a few more now saves a round, and at all of few makes an end.
      if open.count <= Self.decideAllLimit || reach >= SearchRequest.depthLimit {
        undecided = open.sorted()
      }
      try await decide(filter, undecided)
      try await look(filter)
      guard let decided = passing else { preconditionFailure("the filter was looked up") }
      items = decided
      let good = found.filter { items.certain.contains($0.id) }
      if good.count >= depth { return Array(good.prefix(depth)) }
      if found.count < reach, items.isDecided { return good }
      reach = min(4 * reach, max(SearchRequest.depthLimit, depth))
    }
  }

  /// Looks up what passes; again after substructures were decided.
  private mutating func look(_ filter: SearchFilter) async throws {
    let start = ContinuousClock.now
    passing = try await lookup.items(filter, in: corpora)
    if let older { passing?.formIntersection(older) }
    timings.filter = (timings.filter ?? .zero) + (.now - start)
  }

  private mutating func decide(_ filter: SearchFilter, _ ids: [Int64]) async throws {
    let start = ContinuousClock.now
    await lookup.decide(filter, ids, in: corpora)
    timings.filter = (timings.filter ?? .zero) + (.now - start)
  }

  /// The first `depth` items of the ranking.
  private mutating func ranked(
    _ depth: Int, among allowed: ItemIDSet?
  ) async throws -> [Candidate] {
    switch request.ranking {
    case .embedding: return try await nearest(depth, among: allowed)
    case .fingerprint: return try await mostSimilar(depth, among: allowed)
    case .words: return try await sharingWords(depth, among: allowed)
    case .fused:
      return Array(try await fused(among: allowed).prefix(depth))
    }
  }

  /// All lists that fit as one.
  private mutating func fused(among allowed: ItemIDSet?) async throws -> [Candidate] {
    let each = Self.fusedDepth
    var lists = [(SearchRanking.embedding, try await nearest(each, among: allowed).map(\.id))]
    if case .molecule = request.query, request.target == .molecules {
      lists.append((.fingerprint, try await mostSimilar(each, among: allowed).map(\.id)))
    }
    if case .text = request.query {
      lists.append((.words, try await sharingWords(each, among: allowed).map(\.id)))
    }
    return ReciprocalRankFusion.fuse(lists)
  }

  private mutating func nearest(
    _ depth: Int, among allowed: ItemIDSet?
  ) async throws -> [Candidate] {
    if let vectors { return try await nearest(depth, among: allowed, vectors) }
    indexUse = corpora.use(request.target, corpus: request.corpus)
    var demand = LoadedCorpora.Demand(count: depth)
    if let name = request.corpus {
      guard let place = corpora.place(of: name) else { throw SearchError.unknownCorpus(name) }
      demand.corpus = place
    }
    if let allowed {
      let (corpora, target) = (corpora, request.target)
      demand.allowed = await lookup.onQueue { corpora.rows(target, among: allowed) }
    }
    let key = recallVector()
    let isKnown = vector != nil
    let query = vector.map { SearchQuery.vector($0) } ?? request.query
    let (output, queued) = try await worker.submit(
      SearchJob(
        inputs: [query],
        purpose: .search(
          request.target, corpora, demand, isAcross: request.query.looksAcross(request.target))))
    if !isKnown {
      vector = output.vectors.values
      if let key { embeddings.insert(output.vectors.values, for: key) }
    }
    timings.queue += queued
    timings.encode += output.encode
    timings.search += output.search
    return output.hits.map { Candidate(id: $0.id, score: $0.score) }
  }

  /// Takes the query's vector from the cache where it is not known yet; its key there.
  private mutating func recallVector() -> CacheKey? {
    if vector != nil { return nil }
    let key = embeddings.key(of: request.query)
    vector = key.flatMap(embeddings.vector)
    return key
  }

  /// The nearest by the database's index; the query is encoded once.
  private mutating func nearest(
    _ depth: Int, among allowed: ItemIDSet?, _ vectors: DatabaseVectors
  ) async throws -> [Candidate] {
    let key = recallVector()
    if vector == nil {
      let (output, queued) = try await worker.submit(
        SearchJob(inputs: [request.query], purpose: .encode))
      vector = output.vectors.values
      if let key { embeddings.insert(output.vectors.values, for: key) }
      timings.queue += queued
      timings.encode += output.encode
    }
    guard let query = vector else { preconditionFailure("the query was encoded") }
    let (target, corpora) = (request.target, corpora)
    let isAcross = request.query.looksAcross(target)
    let start = ContinuousClock.now
    defer { timings.search += .now - start }
    let (hits, use) = try await database.withConnection { connection in
      try vectors.nearest(
        to: query, isAcross: isAcross, target, count: depth, among: allowed, in: corpora, connection
      )
    }
    indexUse = use
    return hits.map { Candidate(id: $0.id, score: $0.score) }
  }

  private mutating func mostSimilar(
    _ depth: Int, among allowed: ItemIDSet?
  ) async throws -> [Candidate] {
    guard case .molecule(let graph) = request.query else {
      preconditionFailure("fingerprints were refused for this query")
    }
    let start = ContinuousClock.now
    defer {
      metrics.record(.search, .now - start)
      timings.search += .now - start
    }
    let corpora = corpora
    return await lookup.onQueue {
      corpora.items.mostSimilar(
        to: StoredItem.fingerprint(of: graph), count: depth, among: allowed
      )
      .map { Candidate(id: $0.id, score: $0.similarity) }
    }
  }

  private mutating func sharingWords(
    _ depth: Int, among allowed: ItemIDSet?
  ) async throws -> [Candidate] {
    guard case .text(let text) = request.query else {
      preconditionFailure("words were refused for this query")
    }
    let start = ContinuousClock.now
    defer {
      metrics.record(.search, .now - start)
      timings.search += .now - start
    }
    var statement = WordSearch(text: text, target: request.target)
    if older != nil { statement.newest = request.cursor?.newest }
    statement.corpus = request.corpus.flatMap { corpora.idsByName[$0] }
    if let allowed, allowed.count <= WordSearch.namedLimit { statement.among = allowed.sorted() }
    let words = statement
    let items = corpora.items
    return try await database.withConnection { connection in
      try words.best(depth, from: connection) { id in
        items.all.contains(id) && allowed?.contains(id) ?? true
      }
    }
  }
}
