import Alignment
import Molecule
import Tensor

/// The candidates of an answer, in order.
struct SearchPage {
  var candidates: [Candidate]
  var cursor: SearchCursor?
  /// Rows that were read on the way.
  var rows: [Int64: ItemRow] = [:]
  /// How long that took.
  var readTime: Duration = .zero
  /// By the item that stands for it.
  var groups: [Int64: (scaffold: String, size: Int)] = [:]
}

extension SearchEngine {
  /// Spare candidates, for items that the database has no more.
  private static let spare = 4

  /// The page behind the request's cursor, or the first.
  func paged(_ run: inout SearchRun) async throws -> SearchPage {
    let request = run.request
    let newest = request.cursor?.newest ?? run.corpora.items.all.largest ?? 0
    let offset = request.cursor?.offset ?? 0
    var depth = min(offset + request.count + Self.spare, SearchRequest.depthLimit)
    while true {
      let found = try await run.candidates(depth)
      let behind = found.filter { candidate in
        request.cursor?.isFollowed(by: candidate) ?? true
      }
      let isAll = found.count < depth || depth >= SearchRequest.depthLimit
      if behind.count <= request.count && !isAll {
        depth = min(2 * depth, SearchRequest.depthLimit)
        continue
      }
      var page = SearchPage(candidates: Array(behind.prefix(request.count + Self.spare)))
      let start = ContinuousClock.now
      page.rows = try await rows(of: page.candidates.map(\.id))
      page.readTime = .now - start
      let there = page.candidates.filter { page.rows[$0.id] != nil }
      let goesOn =
        there.count > request.count || behind.count > page.candidates.count || !isAll
      if goesOn, offset + request.count < SearchRequest.depthLimit,
        let last = there.prefix(request.count).last ?? page.candidates.last
      {
        page.cursor = SearchCursor(
          score: last.score, id: last.id, newest: newest, offset: offset + request.count,
          request: request.signature)
      }
      return page
    }
  }

  /// The best molecule of each scaffold.
  func grouped(_ run: inout SearchRun) async throws -> SearchPage {
    var depth = max(64, 8 * run.request.count)
    while true {
      let found = try await run.candidates(depth)
      let rows = try await rows(of: found.map(\.id))
      let scaffolds = Parallel.map(found.count, by: 16) { place in
        rows[found[place].id]?.smiles.flatMap { try? SMILESReader.read($0) }
          .map { $0.murckoScaffold().canonicalSMILES() }
      }
      var page = SearchPage(candidates: [], rows: rows)
      var leaders: [String: Int64] = [:]
      for (candidate, scaffold) in zip(found, scaffolds) {
        guard let scaffold else { continue }
        if let leader = leaders[scaffold] {
          page.groups[leader]?.size += 1
        } else {
          leaders[scaffold] = candidate.id
          page.groups[candidate.id] = (scaffold, 1)
          page.candidates.append(candidate)
        }
      }
      let isAll = found.count < depth || depth >= SearchRequest.depthLimit
      if page.candidates.count >= run.request.count || isAll { return page }
      depth = min(4 * depth, SearchRequest.depthLimit)
    }
  }

  /// Results that are unlike one another.
  func diverse(_ run: inout SearchRun) async throws -> SearchPage {
    let request = run.request
    let found = try await run.candidates(max(100, 5 * request.count))
    let (ids, vectors) = try await vectors(
      of: found.map(\.id), request.target, checksum: follower.checksum)
    let places = Dictionary(
      zip(ids, ids.indices).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
    let known = found.filter { places[$0.id] != nil }
    let picked = MaximalMarginalRelevance.pick(
      request.count + Self.spare, scores: known.map(\.score),
      vectors: vectors.gatheringRows(known.compactMap { places[$0.id] }),
      lambda: 1 - request.diversity)
    return SearchPage(candidates: picked.map { known[$0] })
  }

  /// The first candidates by the re-ranker's scores, then the others as they were.
  func reranked(
    _ run: inout SearchRun, _ text: String, _ reranker: Reranker, time: inout Duration?
  ) async throws -> SearchPage {
    let request = run.request
    let found = try await run.candidates(max(request.count, reranker.depth) + Self.spare)
    let rows = try await rows(of: found.map(\.id))
    let start = ContinuousClock.now
    let best = found.prefix(reranker.depth)
    guard !best.isEmpty else { return SearchPage(candidates: [], rows: rows) }
    let scores = try await rerankedScores(
      text, best.map { RerankCandidate(smiles: rows[$0.id]?.smiles, score: $0.score) })
    let ordered = zip(best, scores).map { candidate, score in
      Candidate(id: candidate.id, score: score)
    }.sorted { $0.precedes($1) }
    time = .now - start
    return SearchPage(
      candidates: ordered + found.dropFirst(reranker.depth), rows: rows)
  }
}
