import Tensor
import Testing

@testable import AlignAPI

struct ReciprocalRankFusionTests {
  @Test func scoresAreSumsOfReciprocals() {
    let fused = ReciprocalRankFusion.fuse([(.embedding, [5, 3, 8]), (.words, [3, 9])])
    #expect(fused.map(\.id) == [3, 5, 9, 8])
    #expect(abs(fused[0].score - Float(1 / 62.0 + 1 / 61.0)) < 1e-7)
    #expect(fused[0].ranks == [.embedding: 2, .words: 1])
    #expect(fused[3].ranks == [.embedding: 3])
  }

  @Test func tiesAreByID() {
    #expect(
      ReciprocalRankFusion.fuse([(.embedding, [9]), (.words, [2])]).map(\.id) == [2, 9])
  }
}

struct MaximalMarginalRelevanceTests {
  private let vectors = Matrix(
    rows: 4, columns: 2, values: [1, 0, 0.99, 0.14, 0, 1, 0.7, 0.7])

  @Test func lambdaOneKeepsTheOrder() {
    #expect(
      MaximalMarginalRelevance.pick(3, scores: [4, 3, 2, 1], vectors: vectors, lambda: 1)
        == [0, 1, 2])
  }

  @Test func nearCopiesComeLate() {
    #expect(
      MaximalMarginalRelevance.pick(4, scores: [4, 3.9, 3, 1], vectors: vectors, lambda: 0.5)
        == [0, 2, 1, 3])
  }

  @Test func moreThanThereAreGivesAll() {
    let all = MaximalMarginalRelevance.pick(9, scores: [1, 1, 1, 1], vectors: vectors, lambda: 0.3)
    #expect(all.sorted() == [0, 1, 2, 3])
    #expect(
      MaximalMarginalRelevance.pick(
        3, scores: [], vectors: Matrix(rows: 0, columns: 2), lambda: 0.3
      ).isEmpty)
  }
}

struct SearchCursorTests {
  @Test func textIsReadBack() throws {
    let cursor = SearchCursor(score: -0.25, id: 7, newest: .max, offset: 30, request: .max)
    #expect(try SearchCursor(cursor.text) == cursor)
  }

  @Test(arguments: ["", "1-2-3-4", "1-2-3-4-5-6", "x!-1-1-1-1", "3lr4gw0-1-1-1-1", "1-1-1-zzzz-1"])
  func otherTextsAreRefused(text: String) {
    #expect(throws: SearchError.badCursor) { try SearchCursor(text) }
  }

  @Test func onlyWhatIsBehindAndOldFollows() {
    let cursor = SearchCursor(score: 0.5, id: 7, newest: 20, offset: 1, request: 0)
    #expect(cursor.isFollowed(by: Candidate(id: 8, score: 0.5)))
    #expect(cursor.isFollowed(by: Candidate(id: 3, score: 0.4)))
    #expect(!cursor.isFollowed(by: Candidate(id: 7, score: 0.5)))
    #expect(!cursor.isFollowed(by: Candidate(id: 6, score: 0.5)))
    #expect(!cursor.isFollowed(by: Candidate(id: 21, score: 0.4)))
  }

  @Test func anotherSearchRefusesIt() throws {
    let first = try SearchRequest(SearchQuery(text: "a"))
    let cursor = SearchCursor(
      score: 0, id: 1, newest: 9, offset: 10, request: first.signature)
    #expect(throws: SearchError.foreignCursor) {
      try SearchRequest(SearchQuery(text: "b"), cursor: cursor)
    }
    _ = try SearchRequest(SearchQuery(text: "a"), count: 3, cursor: cursor)
  }
}
