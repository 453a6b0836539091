import Foundation
import ModelTestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct EmbeddingsDatabaseTests {
  private let client: APIClient

  init() throws { client = try APIClient.sharedForReading.get() }

  private struct Embeddings<Vector: Decodable>: Decodable {
    struct Entry: Decodable { let embedding: Vector }
    struct Usage: Decodable {
      let promptTokens: Int
      let totalTokens: Int
    }
    let data: [Entry]
    let dimension: Int
    let usage: Usage
  }

  private func vectors(_ members: String) async throws -> Embeddings<[Float]> {
    try await client.post("/v1/embeddings", "{\(members)}").decoded()
  }

  @Test func base64HoldsTheSameFloats() async throws {
    let input = #""input": ["a beta blocker", "an opioid"], "model": "tiny", "user": "someone""#
    let plain = try await vectors(input)
    let packed: Embeddings<Data> = try await client.post(
      "/v1/embeddings", "{\(input), \"encoding_format\": \"base64\"}"
    ).decoded()
    for (one, other) in zip(plain.data, packed.data) {
      let bytes = Array(other.embedding)
      #expect(bytes.count == 64)
      let floats = stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(
          bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        )
      }
      #expect(floats == one.embedding)
    }
  }

  @Test func fewerDimensionsAreTheFirstAtUnitLength() async throws {
    let whole = try await vectors(#""input": "a beta blocker""#).data[0].embedding
    let short = try await vectors(#""input": "a beta blocker", "dimensions": 5"#)
    #expect(short.dimension == 5)
    let head = whole.prefix(5)
    let length = head.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (value, expected) in zip(short.data[0].embedding, head) {
      #expect(abs(value - expected / length) < 1e-6)
    }
  }

  @Test func usageCountsWordsSymbolsAndAtoms() async throws {
    let texts = try await vectors(#""input": ["a 5-HT blocker", "acid"]"#)
    #expect(texts.usage.promptTokens == 6 && texts.usage.totalTokens == 6)
    let molecules = try await vectors(#""input": "CCO", "input_type": "molecule""#)
    #expect(molecules.usage.totalTokens == 3)
  }

  @Test(arguments: [
    (#""dimensions": 0"#, "dimensions"), (#""dimensions": 17"#, "dimensions"),
    (#""encoding_format": "hex""#, "encoding_format"), (#""model": "gpt""#, "model"),
    (#""user": 5"#, "user"),
  ])
  func wrongFieldsAreNamed(member: String, field: String) async throws {
    let answer = try await client.post("/v1/embeddings", "{\"input\": \"a\", \(member)}")
    #expect(answer.status == 422)
    #expect(try answer.wrongFields() == [field])
  }
}
