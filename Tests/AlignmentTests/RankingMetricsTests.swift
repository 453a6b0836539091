import Alignment
import Foundation
import Testing

@Suite struct RankingMetricsTests {
  @Test func summarisesKnownRanks() {
    let metrics = RankingMetrics(ranks: [1, 2, 5, 11])
    #expect(abs(metrics.mrr - (1 + 0.5 + 0.2 + 1.0 / 11) / 4) < 1e-12)
    #expect(metrics.hitsAt1 == 0.25)
    #expect(metrics.hitsAt5 == 0.75)
    #expect(metrics.hitsAt10 == 0.75)
    #expect(metrics.meanRank == 4.75)
    #expect(metrics.medianRank == 3.5)
  }

  @Test func medianOfAnOddCountIsTheMiddle() {
    #expect(RankingMetrics(ranks: [9, 1, 4]).medianRank == 4)
  }

  @Test func jsonUsesTheFieldsOwnNames() throws {
    let json = try JSONEncoder().encode(RankingMetrics(ranks: [1]))
    let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Double])
    #expect(
      Set(object.keys) == ["mrr", "hits@1", "hits@5", "hits@10", "mean_rank", "median_rank"])
  }

  @Test func rankZeroIsOurMistake() async {
    await #expect(processExitsWith: .failure) { _ = RankingMetrics(ranks: [0]) }
  }
}
