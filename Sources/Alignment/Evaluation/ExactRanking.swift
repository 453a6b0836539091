package import Tensor

/// Exact ranks over all candidates, ties against us.
package enum ExactRanking {
  /// Scores closer than this count as ties: the same vector in another tile of a product may
  /// differ by a few units in the last place.
  package static let tieTolerance: Float = 1e-6

  /// The rank, from 1, of candidate `answers[i]` for query i.
  ///
  /// rank = 1 + the number of other candidates that score at least as much. `queries` [Q, d],
  /// `candidates` [M, d]; `offsets` [M], if given, are added to their scores. O(Q·M·d), in blocks
  /// of queries.
  package static func ranks(
    queries: Matrix, candidates: Matrix, answers: [Int], offsets: [Float]? = nil
  ) -> [Int] {
    precondition(
      answers.count == queries.rows && queries.columns == candidates.columns,
      "\(answers.count) answers, queries [\(queries.rows), \(queries.columns)], "
        + "candidates [\(candidates.rows), \(candidates.columns)]")
    if let offsets {
      precondition(offsets.count == candidates.rows, "\(offsets.count) offsets")
      return ranks(
        queries: queries.appendingColumns(
          of: Matrix(rows: queries.rows, columns: 1, repeating: 1)),
        candidates: candidates.appendingColumns(
          of: Matrix(rows: candidates.rows, columns: 1, values: offsets)),
        answers: answers)
    }
    let block = 128
    var ranks: [Int] = []
    for start in stride(from: 0, to: queries.rows, by: block) {
      let rows = Array(start..<min(start + block, queries.rows))
      let scores = Matrix.product(
        queries.gatheringRows(rows), candidates, transposingB: true)
      ranks += Parallel.map(rows.count, by: 4) { row in
        let answer = answers[start + row]
        let own = scores[row, answer] - tieTolerance
        return scores.countOfRow(row, atLeast: own)
      }
    }
    return ranks
  }
}
