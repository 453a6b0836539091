import Tensor

/// The best candidates of exact rankings.
enum FirstStage {
  /// A candidate and its score.
  struct Candidate: Sendable, Equatable {
    /// Its row.
    let row: Int
    let score: Float

    fileprivate func precedes(_ other: Candidate) -> Bool {
      (other.score, row) < (score, other.row)
    }
  }

  /// The `count` candidates of each query with the highest scores, best first, ties by row.
  ///
  /// `queries` [Q, d], `candidates` [M, d]; `offsets` [M] are added to scores. O(Q·M·d), in blocks
  /// of queries.
  static func best(
    _ count: Int, queries: Matrix, candidates: Matrix, offsets: [Float]?,
    progress: (Double) -> Void = { _ in }
  ) -> [[Candidate]] {
    var lists: [[Candidate]] = []
    lists.reserveCapacity(queries.rows)
    for start in stride(from: 0, to: queries.rows, by: 128) {
      let rows = Array(start..<min(start + 128, queries.rows))
      let scores = Matrix.product(queries.gatheringRows(rows), candidates, transposingB: true)
      lists += Parallel.map(rows.count, by: 4) { best(count, of: scores.row($0), offsets) }
      progress(Double(rows[rows.count - 1] + 1) / Double(queries.rows))
    }
    return lists
  }

  private static func best(
    _ count: Int, of scores: ArraySlice<Float>, _ offsets: [Float]?
  ) -> [Candidate] {
    var best: [Candidate] = []
    best.reserveCapacity(count + 1)
    for (row, score) in scores.enumerated() {
      let candidate = Candidate(row: row, score: score + (offsets?[row] ?? 0))
      if best.count == count {
        if candidate.score <= best[count - 1].score { continue }
        best.removeLast()
      }
      var (low, high) = (0, best.count)
      while low < high {
        let middle = (low + high) / 2
        if best[middle].precedes(candidate) { low = middle + 1 } else { high = middle }
      }
      best.insert(candidate, at: low)
    }
    return best
  }
}

/// Texts that have ranked a pool by the first stage alone.
struct FirstRanking {
  /// The rank of each text's answer, from 1, ties against us.
  let ranks: [Int]
  /// The best candidates of each text, best first.
  let candidates: [[FirstStage.Candidate]]
  /// Both directions.
  let evaluation: Evaluation

  /// Ranks exactly, hubs held back as in a search; `depth` candidates of each text are kept.
  init(
    _ task: RankingTask, model: AlignmentModel, depth: Int, progress: (Double) -> Void = { _ in }
  ) throws(EvaluationError) {
    let pool = model.encodeMolecules(features: task.pool)
    progress(0.5)
    let texts = model.encodeTexts(features: task.texts)
    let offsets = model.hubReferences?.offsets(
      texts: texts, pool: pool, keys: task.keys, configuration: model.configuration.hubness)
    evaluation = try Evaluation(
      texts: texts, pool: pool, answers: task.answers, offsets: offsets)
    ranks = ExactRanking.ranks(
      queries: texts, candidates: pool, answers: task.answers, offsets: offsets?.pool)
    candidates = FirstStage.best(
      depth, queries: texts, candidates: pool, offsets: offsets?.pool)
    progress(1)
  }
}
