import Foundation
import Synchronization
public import Tensor

extension ExactIndex {
  /// The `count` best items for every query [Q, d], best first; ties by ascending id.
  ///
  /// Fewer hits when the index holds fewer items. Query values must be at most 65,504 in size, so
  /// that no score overflows. A hit is the same bits on any number of cores and in any batch.
  ///
  /// All cores take blocks of rows from a shared counter, score each block for the whole batch and
  /// keep the best so far. O(Q · M · d); a batch reads the vectors once.
  public func search(queries: Matrix, count: Int) -> [[SearchHit]] {
    precondition(count >= 0, "the best \(count) items")
    if queries.rows == 0 { return [] }
    precondition(queries.columns == dimension, "queries of \(queries.columns), not \(dimension)")
    precondition(
      queries.values.allSatisfy { $0.magnitude <= HalfBits.greatestFinite },
      "a query value outside the range of a 16-bit float")
    let kept = min(count, self.count)
    if kept == 0 { return Array(repeating: [], count: queries.rows) }

    let batch = DotQueries(queries)
    let blocks = (self.count + blockRows - 1) / blockRows
    let nextBlock = Atomic(0)
    let workers = Parallel.map(min(blocks, ProcessInfo.processInfo.activeProcessorCount), by: 1) {
      _ in
      var best = Array(repeating: BestHits(capacity: kept), count: batch.count)
      while true {
        let block = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
        if block >= blocks { return best }
        let start = block * blockRows
        scan(start..<min(start + blockRows, self.count), for: batch, into: &best)
      }
    }
    return (0..<queries.rows).map { query in
      var best = workers[0][query]
      for worker in workers.dropFirst() { best.merge(worker[query]) }
      return best.sorted()
    }
  }

  /// Rows of a block: about half a megabyte of vectors, a few kilobytes of scores.
  private var blockRows: Int {
    min(4_096, max(64, (1 << 18) / max(1, dimension)))
  }

  private func scan(_ rows: Range<Int>, for batch: DotQueries, into best: inout [BestHits]) {
    let scores = vectors.dots(batch, rows: rows).values.span
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
}
