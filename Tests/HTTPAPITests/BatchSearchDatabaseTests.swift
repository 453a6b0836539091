import Foundation
import HTTPDaemon
import ModelTestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct BatchSearchDatabaseTests {
  private let fixture: SearchFixture
  private let client: APIClient

  init() throws {
    fixture = try SearchFixture.shared()
    client = try APIClient.sharedForReading.get()
  }

  private struct Answers: Decodable {
    struct Answer: Decodable {
      struct Result: Decodable {
        let sourceId: String
        let score: Float
      }
      let results: [Result]?
      let problem: ProblemDetails?
    }
    let answers: [Answer]
  }

  @Test func answersComeInOrderAsSingleSearchesGiveThem() async throws {
    let searches = (0..<32).map { place in
      "{\"smiles\": \"\(fixture.compounds[place].smiles)\", \"target\": \"molecules\", \"k\": 3}"
    }
    let found = try await client.post(
      "/v1/search/batch", "{\"searches\": [\(searches.joined(separator: ","))]}"
    ).decoded(as: Answers.self)
    #expect(found.answers.count == 32)
    for (place, answer) in found.answers.enumerated() {
      let single = try await client.post("/v1/search", searches[place])
        .decoded(as: APIClient.Found.self)
      let results = try #require(answer.results)
      #expect(results.map(\.sourceId) == single.results.map(\.sourceId))
      for (result, expected) in zip(results, single.results) {
        #expect(abs(result.score - expected.score) < 1e-5)
      }
    }
  }

  @Test func aBadSearchSpoilsNoOther() async throws {
    let found = try await client.post(
      "/v1/search/batch",
      #"{"searches": [{"text": "a"}, {"smiles": "CC("}, 5, {"text": "a", "corpus": "nowhere"}]}"#)
    #expect(found.status == 200)
    let answers = try found.decoded(as: Answers.self).answers
    #expect(answers[0].results?.count == 10 && answers[0].problem == nil)
    #expect(answers[1].problem?.errors?.first?.field == "smiles")
    #expect(answers[1].problem?.errors?.first?.offset != nil)
    #expect(answers[2].problem?.errors?.first?.field == "body")
    #expect(answers[3].problem?.errors?.first?.field == "corpus")
    #expect(answers[1...].allSatisfy { $0.problem?.status == 422 && $0.results == nil })
  }

  @Test(arguments: [
    (#"{}"#, ["searches"]), (#"{"searches": []}"#, ["searches"]),
    (#"{"searches": {}}"#, ["searches"]), (#"{"searches": [{"text": "a"}], "k": 1}"#, ["k"]),
  ])
  func wrongFieldsAreNamed(body: String, fields: [String]) async throws {
    let answer = try await client.post("/v1/search/batch", body)
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == fields)
  }

  @Test func atMost32SearchesAreTaken() async throws {
    let list = Array(repeating: #"{"text": "a"}"#, count: 33).joined(separator: ",")
    let answer = try await client.post("/v1/search/batch", "{\"searches\": [\(list)]}")
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == ["searches"])
  }
}
