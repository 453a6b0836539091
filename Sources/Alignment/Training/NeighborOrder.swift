import Tensor

/// An order of the pairs in which those that a model finds alike stand together.
///
/// In batches cut from it, negatives are hard: a text's batch holds the molecules that the model
/// takes for its own. (Xiong and others 2021, "Approximate nearest neighbor negative contrastive
/// learning", section 3, with batches in place of an index.)
struct NeighborOrder {
  /// The pairs, each once.
  let pairs: [Int]

  /// Neighbours looked at for each pair; more than a group needs, because many are taken already.
  private static let depth = 32

  /// Takes pairs in the order of `start`, each followed by up to `groupSize` − 1 pairs not yet
  /// taken whose molecules are nearest to its text.
  ///
  /// `texts` and `molecules` [pairs, d] are unit vectors. O(pairs²·d).
  init(texts: Matrix, molecules: Matrix, start: [Int], groupSize: Int) {
    let nearest = Self.nearest(texts: texts, molecules: molecules)
    var isTaken = [Bool](repeating: false, count: start.count)
    var pairs: [Int] = []
    pairs.reserveCapacity(start.count)
    for pair in start where !isTaken[pair] {
      isTaken[pair] = true
      pairs.append(pair)
      for other in nearest[pair].lazy.filter({ !isTaken[$0] }).prefix(groupSize - 1) {
        isTaken[other] = true
        pairs.append(other)
      }
    }
    self.pairs = pairs
  }

  /// The pairs with the nearest molecules for each text, nearest first.
  private static func nearest(texts: Matrix, molecules: Matrix) -> [[Int]] {
    var nearest: [[Int]] = []
    nearest.reserveCapacity(texts.rows)
    for start in stride(from: 0, to: texts.rows, by: 1024) {
      let rows = Array(start..<min(start + 1024, texts.rows))
      let scores = Matrix.product(texts.gatheringRows(rows), molecules, transposingB: true)
      nearest += Parallel.map(rows.count, by: 8) { row in
        var best: [(score: Float, pair: Int)] = []
        for (pair, score) in scores.row(row).enumerated() {
          if best.count == depth {
            if score <= best[depth - 1].score { continue }
            best.removeLast()
          }
          let place = best.firstIndex { $0.score < score } ?? best.count
          best.insert((score, pair), at: place)
        }
        return best.map(\.pair)
      }
    }
    return nearest
  }
}
