import Digest
import Foundation
import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct IdempotencyDatabaseTests {
  private static let body = #"{"smiles": "CCO", "text": "spirit"}"#

  @Test func sameRequestIsDoneOnce() async throws {
    try await WritingClient.run { client in
      let key = ["Idempotency-Key": "\"k-1\""]
      let first = try await client.put("a", Self.body, key)
      #expect(first.status == 201 && first.headers["idempotency-replayed"] == nil)
      _ = try await client.put("a", #"{"text": "changed by someone else"}"#)
      let again = try await client.put("a", Self.body, key)
      #expect(again.status == 201 && again.headers["idempotency-replayed"] == "true")
      #expect(again.body == first.body)
      for name in ["etag", "location", "content-type"] {
        #expect(again.headers[name] == first.headers[name])
      }
      #expect(try await client.get("a").string("text") == "changed by someone else")
      #expect(try client.rows("select count(*)::text from audit_log") == ["2"])
    }
  }

  @Test func keyOfAnotherRequestIsRefused() async throws {
    try await WritingClient.run { client in
      let key = ["Idempotency-Key": "k-2"]
      _ = try await client.put("a", Self.body, key)
      let others = [
        try await client.put("a", #"{"smiles": "CCN"}"#, key),
        try await client.put("b", Self.body, key),
        try await client.delete("a", key),
        try await client.put("a", Self.body, key.merging(["If-Match": "*"]) { $1 }),
      ]
      for other in others {
        #expect(other.status == 422 && other.wrongFields == ["Idempotency-Key"])
      }
      for bad in ["", "a b", "\"", String(repeating: "x", count: 256)] where !bad.isEmpty {
        let answer = try await client.put("c", Self.body, ["Idempotency-Key": bad])
        #expect(answer.status == 422 && answer.wrongFields == ["Idempotency-Key"])
      }
    }
  }

  @Test func requestInFlightIsToldToWait() async throws {
    try await WritingClient.run { client in
      let other = try Connection(client.settings)
      let key = IdempotencyKey(
        actor: "anonymous", text: "k-3", requestHash: SHA256Digest.of(bytes: []))
      #expect(try other.tryLockAdvisory(key.lock))
      let put = try await client.put("a", Self.body, ["Idempotency-Key": "k-3"])
      #expect(put.status == 409 && put.headers["retry-after"] == "1")
      let many = try await client.post(
        [#"{"source_id": "a", "text": "x"}"#], ["Idempotency-Key": "k-3"])
      #expect(many.status == 409)
      try other.unlockAdvisory(key.lock)
      #expect(try await client.put("a", Self.body, ["Idempotency-Key": "k-3"]).status == 201)
    }
  }

  @Test func answersAreForgottenAfterADay() async throws {
    try await WritingClient.run { client in
      let key = ["Idempotency-Key": "k-4"]
      _ = try await client.put("a", Self.body, key)
      _ = try await client.post([#"{"source_id": "m", "text": "x"}"#], ["Idempotency-Key": "k-5"])
      try Connection(client.settings).execute(
        "update idempotent_answers set created_at = now() - interval '25 hours'")
      let again = try await client.put("a", #"{"text": "new"}"#, key)
      #expect(again.status == 200 && again.headers["idempotency-replayed"] == nil)
      #expect(
        try client.rows("select idempotency_key from idempotent_answers") == ["k-4"])
      #expect(try client.rows("select number::text from idempotent_answer_parts").isEmpty)
    }
  }

  @Test func refusedRequestsAreNotKept() async throws {
    try await WritingClient.run { client in
      let key = ["Idempotency-Key": "k-6"]
      let condition = key.merging(["If-Match": "*"]) { $1 }
      #expect(try await client.put("a", Self.body, condition).status == 412)
      _ = try await client.put("a", Self.body)
      #expect(try await client.put("a", Self.body, condition).status == 200)
    }
  }

  @Test func manyAtOnceAreDoneOnce() async throws {
    try await WritingClient.run { client in
      let answers = try await withThrowingTaskGroup(of: WritingClient.Answer.self) { group in
        for _ in 0..<16 {
          group.addTask { try await client.put("a", Self.body, ["Idempotency-Key": "k-7"]) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.allSatisfy { [201, 409].contains($0.status) })
      #expect(answers.count { $0.status == 201 && $0.headers["idempotency-replayed"] == nil } == 1)
      #expect(try client.rows("select count(*)::text from audit_log") == ["1"])
      #expect(
        try client.rows("select version::text from corpora where name = 'written'") == ["1"])
    }
  }
}
