import Tensor

/// How much of the exact answer an index finds, measured when it was built.
public struct IndexRecall: Sendable, Equatable, Codable {
  /// The share of the ten best items that are among the ten found, 0...1, over all queries.
  ///
  /// With fewer than ten items it is of as many as there are. An item whose score equals the worst
  /// of the exact ten counts as right: ties have no order that matters.
  public let recallAt10: Double
  /// How many queries it was measured with.
  public let queries: Int

  /// Compares answers with exact ones, query by query; each list is best first.
  public init(of found: [[SearchHit]], against exact: [[SearchHit]]) {
    precondition(found.count == exact.count, "\(found.count) answers, \(exact.count) exact ones")
    var right = 0
    var wanted = 0
    for (found, exact) in zip(found, exact) {
      let best = exact.prefix(10)
      guard let worst = best.last else { continue }
      right += found.prefix(10).count { $0.score >= worst.score }
      wanted += best.count
    }
    recallAt10 = wanted == 0 ? 1 : Double(min(right, wanted)) / Double(wanted)
    queries = found.count
  }

  /// Searches an index and its own vectors with given queries; without any, with a sample of its rows.
  ///
  /// The sample is evenly spaced: at most `sample` rows. A row finds itself, as anything that is
  /// asked for a near copy does; queries of another kind say more.
  init(of index: some VectorIndex, vectors: StoredVectors, sample: Int, queries: Matrix?) {
    let asked = queries ?? vectors.evenlySpaced(sample)
    let exact = ExactIndex(checkedIDs: index.ids, vectors: vectors)
    self.init(
      of: index.search(queries: asked, count: 10, allowed: nil),
      against: exact.search(queries: asked, count: 10, allowed: nil))
  }
}
