import Foundation
import Synchronization
public import Tensor

extension ExactIndex {
  /// The `count` best of the allowed items for every query [Q, d], best first; ties by ascending id.
  ///
  /// A hit is the same bits on any number of cores, in any batch and under any mask.
  ///
  /// All cores take blocks of rows from a shared counter, score each block for the whole batch and
  /// keep the best so far. O(Q · M · d); a batch reads the vectors once. When few rows are allowed,
  /// only those are read: O(Q · allowed · d). Blocks without an allowed row are skipped.
  public func search(queries: Matrix, count: Int, allowed: RowSet?) -> [[SearchHit]] {
    checkSearch(queries, count, allowed)
    let population = allowed?.population ?? self.count
    let kept = min(count, population)
    if queries.rows == 0 || kept == 0 { return Array(repeating: [], count: queries.rows) }
    let batch = DotQueries(queries)
    let worthPicking = self.count / 4
    if let allowed, population < worthPicking {
      return search(batch, count: kept, rows: allowed.rows)
    }
    return best(kept, for: batch, blocks: (self.count + blockRows - 1) / blockRows) { block, best in
      let start = block * blockRows
      let rows = start..<min(start + blockRows, self.count)
      if let allowed {
        if allowed.meets(rows) { scan(rows, allowed: allowed, for: batch, into: &best) }
      } else {
        scan(rows, for: batch, into: &best)
      }
    }
  }

  /// The best of some rows, all of which are read; `rows` names each once.
  func search(_ batch: DotQueries, count: Int, rows: [Int32]) -> [[SearchHit]] {
    let kept = min(count, rows.count)
    if kept == 0 { return Array(repeating: [], count: batch.count) }
    return best(kept, for: batch, blocks: (rows.count + blockRows - 1) / blockRows) { block, best in
      let start = block * blockRows
      let picked = Array(rows[start..<min(start + blockRows, rows.count)])
      let scores = vectors.dots(batch, rows: .list(picked)).values.span
      for query in 0..<batch.count {
        for (column, row) in picked.enumerated() {
          best[query].offer(
            SearchHit(id: ids[Int(row)], score: scores[query * picked.count + column]))
        }
      }
    }
  }

  /// The best hits of blocks that all cores take in turns.
  private func best(
    _ kept: Int, for batch: DotQueries, blocks: Int, _ score: (Int, inout [BestHits]) -> Void
  ) -> [[SearchHit]] {
    let nextBlock = Atomic(0)
    let workers = Parallel.map(min(blocks, ProcessInfo.processInfo.activeProcessorCount), by: 1) {
      _ in
      var best = Array(repeating: BestHits(capacity: kept), count: batch.count)
      while true {
        let block = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
        if block >= blocks { return best }
        score(block, &best)
      }
    }
    return (0..<batch.count).map { query in
      var best = workers[0][query]
      for worker in workers.dropFirst() { best.merge(worker[query]) }
      return best.sorted()
    }
  }

  /// Rows of a block, a multiple of 64: about half a megabyte of vectors, a few kilobytes of scores.
  private var blockRows: Int {
    min(4_096, max(64, (1 << 18) / max(1, dimension) / 64 * 64))
  }

  private func scan(_ rows: Range<Int>, for batch: DotQueries, into best: inout [BestHits]) {
    let scores = vectors.dots(batch, rows: .range(rows)).values.span
    for query in 0..<batch.count {
      var threshold = best[query].threshold
      for column in 0..<rows.count {
        let score = scores[query * rows.count + column]
        if score < threshold { continue }
        best[query].offer(SearchHit(id: ids[rows.lowerBound + column], score: score))
        threshold = best[query].threshold
      }
    }
  }

  private func scan(
    _ rows: Range<Int>, allowed: RowSet, for batch: DotQueries, into best: inout [BestHits]
  ) {
    let scores = vectors.dots(batch, rows: .range(rows)).values.span
    for query in 0..<batch.count {
      var threshold = best[query].threshold
      for column in 0..<rows.count {
        let score = scores[query * rows.count + column]
        let row = rows.lowerBound + column
        if score < threshold || !allowed.contains(row) { continue }
        best[query].offer(SearchHit(id: ids[row], score: score))
        threshold = best[query].threshold
      }
    }
  }
}
