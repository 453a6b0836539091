import Alignment
import Foundation
import ModelTestSupport
import Tensor
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct ExplainDatabaseTests {
  private let fixture: SearchFixture
  private let client: APIClient

  init() throws {
    fixture = try SearchFixture.shared()
    client = try APIClient.sharedForReading.get()
  }

  private struct Explained: Decodable {
    struct Atom: Decodable {
      let side: String
      let index: Int
      let weight: Double
    }
    struct Word: Decodable {
      let side: String
      let start: Int
      let end: Int
      let text: String
      let weight: Double
    }
    let method: String
    let score: Double
    let baseline: Double?
    let atoms: [Atom]
    let words: [Word]
    let svg: String?

    var sum: Double {
      (baseline ?? .nan) + atoms.reduce(0) { $0 + $1.weight } + words.reduce(0) { $0 + $1.weight }
    }
  }

  private func explain(_ body: String) async throws -> Explained {
    try await client.post("/v1/explain", body).decoded()
  }

  @Test func weightsAddUpToTheScoreOfASearch() async throws {
    let found = try await client.search(#""text": "a β-blocker, selective", "k": 1"#)
      .decoded(as: APIClient.Found.self).results[0]
    let answer = try await explain(
      "{\"query\": {\"text\": \"a β-blocker, selective\"}, \"target\": {\"item\": \(found.id)}}")
    #expect(answer.method == "integrated_gradients")
    #expect(abs(answer.score - Double(found.score)) < 1e-3)
    #expect(abs(answer.sum - answer.score) < 1e-5)
    #expect(answer.words.map(\.text) == ["a", "β", "-", "blocker", ",", "selective"])
    let bytes = Array("a β-blocker, selective".utf8)
    for word in answer.words {
      #expect(String(decoding: bytes[word.start..<word.end], as: UTF8.self) == word.text)
    }
    #expect(answer.atoms.map(\.index) == Array(answer.atoms.indices))
    #expect(answer.atoms.allSatisfy { $0.side == "target" })
    let svg = try #require(answer.svg)
    #expect(svg.hasPrefix("<svg") && svg.contains("<circle"))
  }

  @Test func leavingOutIsWhatASearchWithoutTheWordLoses() async throws {
    let smiles = fixture.compounds[3].smiles
    let answer = try await explain(
      """
      {"query": {"text": "blocker"}, "target": {"smiles": "\(smiles)"}, "picture": false,
       "method": "leave_one_out"}
      """)
    #expect(answer.baseline == nil && answer.svg == nil)
    #expect(answer.words.count == 1)
    // Without its only word the text has no feature; so has a text of symbols nobody has seen.
    struct Scores: Decodable { let scores: [Double] }
    let without = try await client.post(
      "/v1/similarity",
      "{\"pairs\": [{\"left\": {\"text\": \"\u{2603}\"}, \"right\": {\"smiles\": \"\(smiles)\"}}]}"
    ).decoded(as: Scores.self).scores[0]
    #expect(abs(answer.words[0].weight - (answer.score - without)) < 1e-5)
  }

  @Test func itemsAnswerWithTheSideThatIsLookedFor() async throws {
    let found = try await client.search(#""text": "a", "k": 1, "corpus": "pairs""#)
      .decoded(as: APIClient.Found.self).results[0]
    let asText = try await explain(
      "{\"query\": {\"smiles\": \"CCO\"}, \"target\": {\"item\": \(found.id)}}")
    #expect(asText.words.allSatisfy { $0.side == "target" } && !asText.words.isEmpty)
    #expect(asText.atoms.map(\.side) == ["query", "query", "query"])
    let bare = try await client.search(#""text": "a", "k": 1, "corpus": "bare""#)
      .decoded(as: APIClient.Found.self).results[0]
    let asMolecule = try await explain(
      "{\"query\": {\"smiles\": \"CCO\"}, \"target\": {\"item\": \(bare.id)}}")
    #expect(asMolecule.words.isEmpty)
    #expect(Set(asMolecule.atoms.map(\.side)) == ["query", "target"])
    #expect(abs(asMolecule.sum - asMolecule.score) < 1e-5)
  }

  @Test func aVectorHasNoParts() async throws {
    let vector = fixture.texts.row(0).map { "\($0)" }.joined(separator: ",")
    let answer = try await explain(
      "{\"query\": {\"vector\": [\(vector)]}, \"target\": {\"smiles\": \"CCO\"}}")
    #expect(answer.words.isEmpty && answer.atoms.count == 3)
    #expect(abs(answer.sum - answer.score) < 1e-5)
  }

  @Test(arguments: [
    (#"{}"#, ["query", "target"]), (#"{"query": {"text": "a"}}"#, ["target"]),
    (#"{"query": {"text": "a"}, "target": {"item": "x"}}"#, ["target.item"]),
    (#"{"query": {"text": "a"}, "target": {"item": 99999999}}"#, ["target.item"]),
    (#"{"query": {"text": "a"}, "target": {"item": 1, "text": "b"}}"#, ["target.text"]),
    (#"{"query": {"text": "a"}, "target": {"smiles": "C("}}"#, ["target.smiles"]),
    (#"{"query": {"text": "a"}, "target": {"smiles": "C"}, "method": "x"}"#, ["method"]),
    (#"{"query": {"text": "a"}, "target": {"smiles": "C"}, "picture": 1}"#, ["picture"]),
    (#"{"query": {"text": "a"}, "target": {"smiles": "C"}, "width": 9}"#, ["width", "height"]),
  ])
  func wrongFieldsAreNamed(body: String, fields: [String]) async throws {
    let answer = try await client.post("/v1/explain", body)
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == fields)
  }

  @Test func tooManyPartsAreNotLeftOut() async throws {
    let chain = String(repeating: "C", count: Explanation.leaveOneOutLimit + 1)
    let body = { (method: String) in
      """
      {"query": {"text": "a"}, "target": {"smiles": "\(chain)"}, "method": "\(method)"}
      """
    }
    let answer = try await client.post("/v1/explain", body("leave_one_out"))
    #expect(try answer.wrongFields() == ["method"])
    let exact = try await explain(body("integrated_gradients"))
    #expect(exact.atoms.count == chain.count)
    #expect(abs(exact.sum - exact.score) < 1e-4)
  }
}
