import Alignment
import Digest
import Foundation
import HTTPDaemon
import ModelTestSupport
import Postgres
import Tensor
import TestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct SearchServiceDatabaseTests {
  let fixture: SearchFixture
  let client: APIClient

  /// One server for all tests: none of them changes it.
  private static let running = Result {
    let fixture = try SearchFixture.shared()
    return try APIClient(fixture, database: try fixture.makeDatabase())
  }

  init() throws {
    fixture = try SearchFixture.shared()
    client = try Self.running.get()
  }

  @Test func textFindsMoleculesWithTheirRows() async throws {
    let answer = try await client.search(#""text": "a beta blocker", "k": 3"#)
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == "application/json")
    let found = try answer.decoded(as: APIClient.Found.self)
    let query = fixture.checkpoint.model.encode(["a beta blocker"]).row(0)
    let expected = fixture.nearest(to: query, among: 0..<60, in: fixture.molecules)
    #expect(found.results.map(\.sourceId) == Array(expected.prefix(3)))
    #expect(found.results.map(\.rank) == [1, 2, 3])
    #expect(found.model == "tiny")
    let compound = try #require(fixture.compounds.first { $0.id == expected[0] })
    #expect(found.results[0].smiles == compound.smiles)
    #expect(found.results[0].properties == ["name": compound.name])
    #expect(Set(found.milliseconds.keys) == ["queue", "encode", "search", "database"])
  }

  @Test func keysComeInAFixedOrder() async throws {
    let text = try await client.search(#""text": "a", "k": 1"#).text
    let keys = [
      "model", "query", "text", "target", "k", "corpus", "results", "rank", "id", "source_id",
      "corpus", "score", "smiles", "text", "properties", "milliseconds", "queue", "encode",
      "search", "database",
    ]
    var rest = text[...]
    for key in keys {
      let place = try #require(rest.range(of: "\"\(key)\":"), "\(key) in \(text)")
      rest = rest[place.upperBound...]
    }
  }

  @Test func moleculeFindsTextsAndOnRequestMolecules() async throws {
    let compound = fixture.compounds[2]
    let body = "\"smiles\": \"\(compound.smiles)\", \"k\": 100"
    let texts = try await client.search(body).decoded(as: APIClient.Found.self)
    #expect(texts.results.count == 40)
    let alike = try await client.search(body + #", "target": "molecules""#)
      .decoded(as: APIClient.Found.self)
    #expect(alike.results.count == 60)
    #expect(alike.results[0].sourceId == compound.id)
  }

  @Test func corpusFilterKeepsToItsCorpus() async throws {
    let found = try await client.search(#""text": "a", "k": 100, "corpus": "bare""#)
      .decoded(as: APIClient.Found.self)
    #expect(found.results.count == 20)
    #expect(found.results.allSatisfy { $0.corpus == "bare" })
  }

  @Test(arguments: [
    (#""k": 5"#, ["text"]),
    (#""text": "a", "smiles": "C""#, ["text"]),
    (#""text": 5"#, ["text"]),
    (#""text": "  ""#, ["text"]),
    (#""text": "a", "k": 0"#, ["k"]),
    (#""text": "a", "k": 1001"#, ["k"]),
    (#""text": "a", "k": 1.5"#, ["k"]),
    (#""text": "a", "target": "drugs""#, ["target"]),
    (#""text": "a", "corpus": "nowhere""#, ["corpus"]),
    (#""text": "a", "limit": 3"#, ["limit"]),
    (#""text": "a", "k": "x", "corpus": 1, "colour": 2"#, ["k", "corpus", "colour"]),
    (#""vector": [1, 2, 3]"#, ["vector"]),
    (#""vector": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"#, ["vector"]),
    (#""vector": [1e999,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"#, ["vector"]),
    (#""vector": "1 2 3""#, ["vector"]),
  ])
  func wrongFieldsAreNamed(members: String, fields: [String]) async throws {
    let answer = try await client.search(members)
    #expect(answer.status == 422)
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(try answer.wrongFields() == fields)
  }

  @Test func badSMILESHasItsOffset() async throws {
    let answer = try await client.search(#""smiles": "CC(C)X""#)
    #expect(answer.status == 422)
    let error = try #require(try answer.decoded(as: ProblemDetails.self).errors?.first)
    #expect(error.field == "smiles")
    #expect(error.offset == 5)
    #expect(error.detail.contains("'X'"))
  }

  @Test func brokenJSONHasItsOffset() async throws {
    let answer = try await client.post("/v1/search", #"{"text": "a",}"#)
    #expect(answer.status == 400)
    #expect(try answer.decoded(as: ProblemDetails.self).errors?.first?.offset == 13)
  }

  @Test(arguments: [
    ("application/json", 200), ("Application/JSON; charset=utf-8", 200), ("text/plain", 415),
    ("application/x-www-form-urlencoded", 415), ("application/json-patch+json", 415),
  ])
  func onlyJSONIsTaken(contentType: String, status: Int) async throws {
    let answer = try await client.post("/v1/search", #"{"text": "a"}"#, contentType: contentType)
    #expect(answer.status == status)
  }

  @Test func overlongBodyAndTextAreRefused() async throws {
    let limit = DaemonConfiguration().maximumBodyBytes
    let huge = try await client.post("/v1/search", String(repeating: " ", count: limit + 1))
    #expect(huge.status == 413)
    let long = String(repeating: "a", count: SearchQuery.longestText + 1)
    let answer = try await client.search("\"text\": \"\(long)\"")
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == ["text"])
  }

  @Test func unknownPathAndMethod() async throws {
    #expect(try await client.get("/v2/search").status == 404)
    let answer = try await client.get("/v1/search")
    #expect(answer.status == 405)
    #expect(answer.headers["allow"] == "OPTIONS, POST")
  }

  @Test func embeddingsAreTheModelsVectors() async throws {
    struct Embeddings: Decodable {
      struct Entry: Decodable {
        let object: String
        let index: Int
        let embedding: [Float]
      }
      let object: String
      let model: String
      let data: [Entry]
      let dimension: Int
    }
    let smiles = fixture.compounds[..<20].map(\.smiles)
    let list = String(decoding: try JSONEncoder().encode(smiles), as: UTF8.self)
    let found = try await client.post(
      "/v1/embeddings", "{\"input\": \(list), \"input_type\": \"molecule\"}"
    ).decoded(as: Embeddings.self)
    #expect(found.object == "list")
    #expect(found.dimension == 16)
    #expect(found.data.map(\.index) == Array(0..<20))
    for (row, entry) in found.data.enumerated() {
      let difference = zip(entry.embedding, fixture.molecules.row(row)).map { abs($0 - $1) }.max()
      #expect(try #require(difference) < 1e-5)
    }
    let one = try await client.post(
      "/v1/embeddings", #"{"input": "a beta blocker"}"#
    ).decoded(as: Embeddings.self)
    #expect(one.data.count == 1)
  }

  @Test(arguments: [
    (#"{}"#, ["input"]), (#"{"input": []}"#, ["input"]), (#"{"input": [1]}"#, ["input"]),
    (#"{"input": ["a", ""]}"#, ["input"]), (#"{"input": "a", "input_type": "x"}"#, ["input_type"]),
    (#"{"input": "a", "model": "x"}"#, ["model"]),
    (#"{"input": ["C", "C("], "input_type": "molecule"}"#, ["input"]),
  ])
  func wrongEmbeddingInputsAreNamed(body: String, fields: [String]) async throws {
    let answer = try await client.post("/v1/embeddings", body)
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == fields)
  }

  @Test func tooManyInputsAreNotLookedAt() async throws {
    let list = Array(repeating: #""""#, count: 257).joined(separator: ",")
    let answer = try await client.post(
      "/v1/embeddings", "{\"input\": [\(list)], \"input_type\": \"x\"}")
    #expect(try answer.wrongFields() == ["input_type", "input"])
  }

  @Test func embeddingsTakeAtMost256Inputs() async throws {
    func body(_ count: Int) -> String {
      "{\"input\": [" + Array(repeating: "\"a\"", count: count).joined(separator: ",") + "]}"
    }
    #expect(try await client.post("/v1/embeddings", body(256)).status == 200)
    #expect(try await client.post("/v1/embeddings", body(257)).status == 422)
  }

  @Test func infoTellsModelAndCorpora() async throws {
    struct Info: Decodable {
      struct Model: Decodable {
        let name: String
        let checksum: String
        let dimension: Int
      }
      struct Corpus: Decodable, Equatable {
        let name: String
        let molecules: Int
        let texts: Int
      }
      let name: String
      let version: String
      let model: Model
      let corpora: [Corpus]
    }
    let info = try await client.get("/v1/info").decoded(as: Info.self)
    #expect(info.name == "ligature")
    #expect(info.version == "1.2.3")
    #expect(info.model.checksum == fixture.checkpoint.checksum.hexadecimal)
    #expect(
      info.corpora == [
        .init(name: "pairs", molecules: 40, texts: 40),
        .init(name: "bare", molecules: 20, texts: 0),
      ])
  }

  @Test func thirtyTwoClientsAtOnceGetTheirOwnAnswers() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<32 {
        group.addTask { [client, fixture] in
          let compound = fixture.compounds[number]
          for _ in 0..<4 {
            let found = try await client.search(
              "\"smiles\": \"\(compound.smiles)\", \"target\": \"molecules\", \"k\": 1"
            ).decoded(as: APIClient.Found.self)
            #expect(abs(found.results[0].score - 1) < 2e-3)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
