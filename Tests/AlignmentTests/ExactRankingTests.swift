import Alignment
import Tensor
import Testing

@Suite struct ExactRankingTests {
  @Test func ranksEqualAFullSort() {
    var random = RandomSource(seed: 4)
    let queries = random.normal(rows: 150, columns: 7, standardDeviation: 1)
    let candidates = random.normal(rows: 333, columns: 7, standardDeviation: 1)
    let answers = (0..<150).map { _ in Int(random.next() % 333) }
    let ranks = ExactRanking.ranks(queries: queries, candidates: candidates, answers: answers)
    for query in 0..<150 {
      let scores = (0..<333).map { candidate in
        (0..<7).reduce(0.0) {
          $0 + Double(queries[query, $1]) * Double(candidates[candidate, $1])
        }
      }
      let own = scores[answers[query]]
      // Float rounding may move a neighbour across; none of these scores is that close.
      #expect(ranks[query] == scores.count { $0 >= own - 1e-6 })
    }
  }

  @Test func tiesCountAgainstTheModel() {
    let query = Matrix(rows: 1, columns: 2, values: [1, 0])
    let candidates = Matrix(rows: 4, columns: 2, values: [1, 0, 0, 1, 1, 0, 1, 0])
    #expect(ExactRanking.ranks(queries: query, candidates: candidates, answers: [0]) == [3])
    #expect(ExactRanking.ranks(queries: query, candidates: candidates, answers: [1]) == [4])
  }
}
