import Tensor

/// Picks items that are good and unlike one another.
///
/// Carbonell and Goldstein, "The use of MMR, diversity-based reranking", SIGIR 1998: next comes the
/// item with the largest λ · relevance − (1 − λ) · (largest cosine with an item picked before).
/// Relevance is the score brought to 0...1 over the candidates, so that λ means the same under every
/// ranking.
enum MaximalMarginalRelevance {
  /// Places of `count` candidates in the order of picking; O(count · candidates · d).
  ///
  /// `vectors` has a row for each candidate. With `lambda` 1 the order is that of the scores.
  static func pick(
    _ count: Int, scores: [Float], vectors: Matrix, lambda: Float
  ) -> [Int] {
    precondition(scores.count == vectors.rows, "\(scores.count) scores, \(vectors.rows) vectors")
    let unit = (0..<vectors.rows).map { row -> [Float] in
      let length = vectors.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vectors.row(row).map { length > 0 ? $0 / length : 0 }
    }
    let (low, high) = (scores.min() ?? 0, scores.max() ?? 0)
    let relevance = scores.map { high > low ? ($0 - low) / (high - low) : 1 }
    var nearest = [Float](repeating: 0, count: scores.count)
    var rest = Array(scores.indices)
    var picked: [Int] = []
    while picked.count < count, !rest.isEmpty {
      func value(_ place: Int) -> Float {
        lambda * relevance[place] - (1 - lambda) * nearest[place]
      }
      var best = 0
      for place in rest.indices where value(rest[place]) > value(rest[best]) { best = place }
      let next = rest.remove(at: best)
      picked.append(next)
      for place in rest {
        let cosine = zip(unit[next], unit[place]).reduce(0) { $0 + $1.0 * $1.1 }
        nearest[place] = max(nearest[place], cosine)
      }
    }
    return picked
  }
}
