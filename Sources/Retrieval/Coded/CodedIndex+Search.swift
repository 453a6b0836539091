import Foundation
public import Tensor

extension CodedIndex {
  /// The `count` best of the allowed items for every query [Q, d], best first; ties by ascending id.
  ///
  /// Every row whose estimate, raised by the configured number of standard deviations, reaches the
  /// score of the last hit is among those scored. Answers do not depend on the number of cores or
  /// on batch-mates. When few rows are allowed they are all scored, without codes.
  ///
  /// Codes are scanned in rounds, each three times as long as all before it; thresholds rise between
  /// rounds only, so that all cores share them and none waits. A batch passes over a tile of codes
  /// while it lies in the first-level cache. O(Q · M · d / 6) byte operations, 64 to an instruction.
  public func search(queries: Matrix, count: Int, allowed: RowSet?) -> [[SearchHit]] {
    checkSearch(queries, count, allowed)
    let population = allowed?.population ?? self.count
    let kept = min(count, population)
    if queries.rows == 0 || kept == 0 { return Array(repeating: [], count: queries.rows) }
    if population <= max(Self.fewRows, self.count / 64, 16 * kept) {
      if let allowed {
        return exact.search(DotQueries(queries), count: kept, rows: allowed.rows)
      }
      return exact.search(queries: queries, count: kept, allowed: nil)
    }
    return stride(from: 0, to: queries.rows, by: Self.batchQueries).flatMap { start in
      let rows = Array(start..<min(start + Self.batchQueries, queries.rows))
      return CodedSearch(
        index: self, queries: queries.gatheringRows(rows), kept: kept, allowed: allowed
      ).run()
    }
  }

  /// So few rows that reading them costs less than rounds of a scan.
  private static let fewRows = 2_048
  /// Queries that pass over a tile together: their tables fill about half a second-level cache.
  private static let batchQueries = 64
}

/// A batch of queries on its way through the codes.
private struct CodedSearch {
  let index: CodedIndex
  let queries: Matrix
  let kept: Int
  let mask: [UInt64]?
  private let tables: CodeQueries
  private let single: [DotQueries]
  /// What the mean row adds to every score.
  private let shifts: [Float]
  private let lengths: [Float]
  private var states: [CodedQuery]

  init(index: CodedIndex, queries: Matrix, kept: Int, allowed: RowSet?) {
    self.index = index
    self.queries = queries
    self.kept = kept
    mask = allowed.map { allowed in
      let slots = index.codes.tiles * RowCodes.tileRows / 64
      return allowed.words + [UInt64](repeating: 0, count: slots - allowed.words.count)
    }
    tables = CodeQueries(index.rotation(queries), bits: index.codes.bits)
    single = (0..<queries.rows).map { DotQueries(queries.gatheringRows([$0])) }
    shifts = Matrix.product(queries, index.center, transposingB: true).values
    lengths = queries.normalizedRows().norms.values
    states = (0..<queries.rows).map { _ in CodedQuery(kept: kept) }
  }

  consuming func run() -> [[SearchHit]] {
    for round in Self.rounds(tiles: index.codes.tiles) {
      let bounds = states.indices.map(bound)
      let cores = ProcessInfo.processInfo.activeProcessorCount
      let size = max(1, min(32, (round.count + 8 * cores - 1) / (8 * cores)))
      let pieces = Parallel.map((round.count + size - 1) / size, by: 1) { piece in
        let start = round.lowerBound + piece * size
        return index.codes.survivors(
          in: start..<min(start + size, round.upperBound), of: tables, bounds: bounds,
          allowed: mask)
      }
      states = Parallel.map(states.count, by: 1) { query in
        var state = states[query]
        if state.isExact { return state }
        state.take(
          pieces.map { $0[query] }, shift: shifts[query], score: { score($0, query) },
          left: { index.codes.reaching(bound(query, $0), among: $1, below: $2) })
        state.isExact = state.pending.rows.count > max(32_768, index.count / 8)
        return state
      }
    }
    scorePending()
    return answers()
  }

  /// Ranges of tiles, each three times as long as all before it.
  private static func rounds(tiles: Int) -> [Range<Int>] {
    var rounds: [Range<Int>] = []
    var end = 0
    while end < tiles {
      let next = min(tiles, max(4, 4 * end))
      rounds.append(end..<next)
      end = next
    }
    return rounds
  }

  private func bound(_ query: Int) -> CodeBound { bound(query, states[query]) }

  /// An estimate's error comes from the part of the query at right angles to the row; for a row that
  /// reaches the threshold that part is at most √(1 − cos²) of the query.
  private func bound(_ query: Int, _ state: CodedQuery) -> CodeBound {
    if state.isExact { return CodeBound(margin: 0, threshold: .infinity) }
    let threshold = state.best.threshold - shifts[query]
    let length = lengths[query]
    let cosine = max(0, min(1, threshold / (length * index.greatestLength)))
    let sine = cosine.isNaN ? 1 : (1 - cosine * cosine).squareRoot()
    return CodeBound(
      margin: index.configuration.confidence * length * sine, threshold: threshold)
  }

  /// Scores rows for one query.
  private func score(_ rows: [Int32], _ query: Int) -> [SearchHit] {
    let scores = index.vectors.dots(single[query], rows: .list(rows)).values
    return zip(rows, scores).map { SearchHit(id: index.ids[Int($0)], score: $1) }
  }

  /// Scores all rows that still may be among the best, in pieces that all cores take.
  private mutating func scorePending() {
    let size = 256
    let pieces = states.indices.flatMap { query in
      stride(from: 0, to: states[query].isExact ? 0 : states[query].pending.rows.count, by: size)
        .map { (query: query, start: $0) }
    }
    let scored = Parallel.map(pieces.count, by: 1) { place in
      let rows = states[pieces[place].query].pending.rows
      let start = pieces[place].start
      return score(Array(rows[start..<min(start + size, rows.count)]), pieces[place].query)
    }
    for (piece, hits) in zip(pieces, scored) {
      for hit in hits { states[piece.query].best.offer(hit) }
    }
  }

  /// Hits of all queries; those whose codes decide nothing are searched exactly.
  private func answers() -> [[SearchHit]] {
    var answers = states.map { $0.best.sorted() }
    let undecided = states.indices.filter { states[$0].isExact }
    if undecided.isEmpty { return answers }
    let allowed = mask.map { words in
      RowSet(count: index.count, words: Array(words.prefix((index.count + 63) / 64)))
    }
    let hits = index.exact.search(
      queries: queries.gatheringRows(undecided), count: kept, allowed: allowed)
    for (query, found) in zip(undecided, hits) { answers[query] = found }
    return answers
  }
}

/// What is known of a query after some rounds.
private struct CodedQuery {
  var best: BestHits
  /// Rows that may be among the best and are not scored yet.
  var pending = CodeSurvivors()
  /// Whether too many rows are pending for codes to be of use.
  var isExact = false
  private let kept: Int

  init(kept: Int) {
    self.kept = kept
    best = BestHits(capacity: kept)
  }

  /// Scores the rows whose estimates promise to raise the threshold, and drops those which cannot
  /// reach it then; the others wait.
  mutating func take(
    _ pieces: [CodeSurvivors], shift: Float, score: ([Int32]) -> [SearchHit],
    left: (CodedQuery, CodeSurvivors, Float) -> CodeSurvivors
  ) {
    let promising = max(best.threshold - shift, rising(pieces))
    var probes: [Int32] = []
    for piece in pieces {
      for (row, estimate) in zip(piece.rows, piece.estimates) where estimate >= promising {
        probes.append(row)
      }
    }
    for hit in score(probes) { best.offer(hit) }
    var waiting = left(self, pending, .infinity)
    for piece in pieces where !piece.rows.isEmpty {
      waiting.append(left(self, piece, promising))
    }
    pending = waiting
  }

  /// The estimate that twice as many rows reach as hits are wanted, while there are too few hits.
  private func rising(_ pieces: [CodeSurvivors]) -> Float {
    if best.threshold > -.infinity { return -.infinity }
    var top = BestHits(capacity: 2 * kept)
    for piece in pieces {
      for (row, estimate) in zip(piece.rows, piece.estimates) {
        top.offer(SearchHit(id: Int64(row), score: estimate))
      }
    }
    return top.threshold
  }
}
