public import Tensor

extension GraphIndex {
  /// About the best `count` of the allowed items for every query, best first; ties by ascending id.
  ///
  /// Few allowed rows are all scored. Otherwise the walk keeps so many rows in sight that as many as
  /// are wanted should be allowed, with half as many again to spare; where that was too few, the
  /// allowed rows are all scored after all. Debian's hnswlib 0.6.2 has no filter of its own.
  public func search(queries: Matrix, count: Int, allowed: RowSet?) -> [[SearchHit]] {
    checkSearch(queries, count, allowed)
    let population = allowed?.population ?? self.count
    let allowed = population < self.count ? allowed : nil
    let kept = min(count, population)
    if queries.rows == 0 || kept == 0 { return Array(repeating: [], count: queries.rows) }
    let sparsity = Double(self.count) / Double(population)
    let breadth = Int(
      1.5 * sparsity * Double(max(kept, allowed == nil ? 0 : configuration.breadth)))
    guard let graph, breadth <= max(4_096, self.count / 64), population > 2_048 else {
      return exact.search(queries: queries, count: kept, allowed: allowed)
    }
    let walks = graph.neighbors(
      of: queries, breadth: allowed == nil ? max(kept, configuration.breadth) : breadth)
    var answers = Parallel.map(queries.rows, by: 1) { query in
      let rows = allowed.map { mask in walks[query].filter { mask.contains(Int($0)) } }
      return best(kept, of: rows ?? walks[query], for: queries.gatheringRows([query]))
    }
    let short = answers.indices.filter { answers[$0].count < kept }
    if !short.isEmpty {
      let found = exact.search(
        queries: queries.gatheringRows(short), count: kept, allowed: allowed)
      for (query, hits) in zip(short, found) { answers[query] = hits }
    }
    return answers
  }

  private func best(_ count: Int, of rows: [Int32], for query: Matrix) -> [SearchHit] {
    let scores = vectors.dots(DotQueries(query), rows: .list(rows)).values
    var best = BestHits(capacity: count)
    for (row, score) in zip(rows, scores) {
      best.offer(SearchHit(id: ids[Int(row)], score: score))
    }
    return best.sorted()
  }
}
