/// Retrieval quality over a set of queries with one right answer each.
public struct RankingMetrics: Sendable, Equatable, Codable {
  /// Mean reciprocal rank, 0...1.
  public let mrr: Double
  /// Share of queries whose answer ranks first.
  public let hitsAt1: Double
  /// Share of queries whose answer is among the first five.
  public let hitsAt5: Double
  /// Share of queries whose answer is among the first ten.
  public let hitsAt10: Double
  /// Mean rank, from 1.
  public let meanRank: Double
  /// Median rank; the mean of the middle two for an even number of queries.
  public let medianRank: Double

  enum CodingKeys: String, CodingKey {
    case mrr
    case hitsAt1 = "hits@1"
    case hitsAt5 = "hits@5"
    case hitsAt10 = "hits@10"
    case meanRank = "mean_rank"
    case medianRank = "median_rank"
  }

  /// Summarises ranks, counted from 1; there must be at least one.
  public init(ranks: [Int]) {
    precondition(!ranks.isEmpty && ranks.allSatisfy { $0 >= 1 }, "ranks count from 1")
    let count = Double(ranks.count)
    func share(_ limit: Int) -> Double { Double(ranks.count { $0 <= limit }) / count }
    mrr = ranks.reduce(0) { $0 + 1 / Double($1) } / count
    hitsAt1 = share(1)
    hitsAt5 = share(5)
    hitsAt10 = share(10)
    meanRank = Double(ranks.reduce(0, +)) / count
    let sorted = ranks.sorted()
    medianRank = Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
