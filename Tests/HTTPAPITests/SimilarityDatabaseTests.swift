import Foundation
import ModelTestSupport
import Tensor
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct SimilarityDatabaseTests {
  private let fixture: SearchFixture
  private let client: APIClient

  init() throws {
    fixture = try SearchFixture.shared()
    client = try APIClient.sharedForReading.get()
  }

  private struct Scores: Decodable { let scores: [Float] }
  private struct Ranking: Decodable {
    struct Entry: Decodable {
      let rank: Int
      let index: Int
      let score: Float
    }
    let ranking: [Entry]
  }

  @Test func scoresAreThoseOfASearch() async throws {
    let found = try await client.search(#""text": "a beta blocker", "k": 20"#)
      .decoded(as: APIClient.Found.self)
    let pairs = found.results.map { result in
      "{\"left\": {\"text\": \"a beta blocker\"}, \"right\": {\"smiles\": \"\(result.smiles ?? "")\"}}"
    }
    let scores = try await client.post(
      "/v1/similarity", "{\"pairs\": [\(pairs.joined(separator: ","))]}"
    ).decoded(as: Scores.self).scores
    #expect(scores.count == 20)
    // Stored vectors are rounded to 16 bits.
    for (score, result) in zip(scores, found.results) { #expect(abs(score - result.score) < 1e-3) }
  }

  @Test func withinAModalityScoresAreCosines() async throws {
    let (one, other) = (fixture.compounds[0].smiles, fixture.compounds[1].smiles)
    let body = """
      {"pairs": [{"left": {"smiles": "\(one)"}, "right": {"smiles": "\(one)"}},
        {"left": {"smiles": "\(one)"}, "right": {"smiles": "\(other)"}},
        {"left": {"smiles": "\(other)"}, "right": {"smiles": "\(one)"}},
        {"left": {"vector": [1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},
         "right": {"vector": [2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}}]}
      """
    let scores = try await client.post("/v1/similarity", body).decoded(as: Scores.self).scores
    #expect(abs(scores[0] - 1) < 1e-5)
    #expect(abs(scores[1] - scores[2]) < 1e-6)
    #expect(abs(scores[3] - 1) < 1e-6)
    let expected = zip(fixture.molecules.row(0), fixture.molecules.row(1))
      .reduce(Float(0)) { $0 + $1.0 * $1.1 }
    #expect(abs(scores[1] - expected) < 1e-5)
  }

  @Test func rankingOrdersCandidatesOfEveryKind() async throws {
    let things =
      fixture.compounds[..<8].map { "{\"smiles\": \"\($0.smiles)\"}" }
      + fixture.compounds[..<3].map { "{\"text\": \"\($0.text)\"}" }
    let candidates = things.joined(separator: ",")
    let found = try await client.post(
      "/v1/rank", "{\"query\": {\"text\": \"a beta blocker\"}, \"candidates\": [\(candidates)]}"
    ).decoded(as: Ranking.self).ranking
    #expect(found.map(\.rank) == Array(1...11))
    #expect(Set(found.map(\.index)) == Set(0..<11))
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    let pairs = things.map { "{\"left\": {\"text\": \"a beta blocker\"}, \"right\": \($0)}" }
    let scores = try await client.post(
      "/v1/similarity", "{\"pairs\": [\(pairs.joined(separator: ","))]}"
    ).decoded(as: Scores.self).scores
    for entry in found { #expect(abs(entry.score - scores[entry.index]) < 1e-5) }
    let best = try await client.post(
      "/v1/rank",
      "{\"query\": {\"text\": \"a beta blocker\"}, \"candidates\": [\(candidates)], \"k\": 2}"
    ).decoded(as: Ranking.self).ranking
    #expect(best.map(\.index) == found.prefix(2).map(\.index))
  }

  @Test func equalScoresStayInOrder() async throws {
    let same = Array(repeating: #"{"smiles": "CCO"}"#, count: 5).joined(separator: ",")
    let found = try await client.post(
      "/v1/rank", "{\"query\": {\"text\": \"alcohol\"}, \"candidates\": [\(same)]}"
    ).decoded(as: Ranking.self).ranking
    #expect(found.map(\.index) == [0, 1, 2, 3, 4])
  }

  @Test(arguments: [
    ("/v1/similarity", #"{}"#, ["pairs"]),
    ("/v1/similarity", #"{"pairs": [{"left": {"text": "a"}}]}"#, ["pairs[0].right"]),
    (
      "/v1/similarity", #"{"pairs": [{"left": {"text": "a"}, "right": {"smiles": "C("}}]}"#,
      ["pairs[0].right.smiles"]
    ),
    (
      "/v1/similarity",
      #"{"pairs": [{"left": {}, "right": {"text": "a", "smiles": "C"}, "x": 1}]}"#,
      ["pairs[0].left.text", "pairs[0].right.text", "pairs[0].x"]
    ),
    (
      "/v1/similarity",
      #"{"pairs": [{"left": {"text": "a"}, "right": {"vector": [1e999,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}}]}"#,
      ["pairs[0].right.vector"]
    ),
    ("/v1/rank", #"{"query": {"text": "a"}}"#, ["candidates"]),
    ("/v1/rank", #"{"candidates": [{"text": "a"}]}"#, ["query"]),
    ("/v1/rank", #"{"query": {"text": "a"}, "candidates": [7]}"#, ["candidates[0]"]),
    ("/v1/rank", #"{"query": {"text": "a"}, "candidates": [{"text": "b"}], "k": 0}"#, ["k"]),
  ])
  func wrongFieldsAreNamed(path: String, body: String, fields: [String]) async throws {
    let answer = try await client.post(path, body)
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == fields)
  }
}
