import Foundation
import FoundationNetworking
import Testing

@testable import LigatureClient

@Suite struct ClientTests {
  private typealias Reply = RecordedTransport.Reply

  @Test func busyServersAreAskedAgain() async throws {
    let transport = RecordedTransport([
      Reply(status: 503, headers: ["Retry-After": "0"]), Reply(status: 429),
      Reply(body: #"{"a": 1}"#),
    ])
    #expect(try await transport.client().getInfo().value == ["a": 1])
    #expect(transport.requests.count == 3)
  }

  @Test func attemptsEnd() async throws {
    let transport = RecordedTransport([Reply](repeating: Reply(status: 503), count: 9))
    await #expect(throws: ClientError.self) { try await transport.client().getInfo() }
    #expect(transport.requests.count == 6)
  }

  @Test func aLongPauseIsNotBegun() async throws {
    let transport = RecordedTransport([Reply(status: 429, headers: ["Retry-After": "3600"])])
    await #expect(throws: ClientError.self) { try await transport.client().getInfo() }
    #expect(transport.requests.count == 1)
  }

  @Test func mistakesAreNotRepeatedAndNameTheirFields() async throws {
    let body = """
      {"title": "Unprocessable Content", "status": 422, "detail": "2 fields are wrong.",
       "errors": [{"field": "k", "detail": "found 0"}, {"field": "smiles", "offset": 3, "detail": "ring"}]}
      """
    let transport = RecordedTransport([
      Reply(status: 422, headers: ["X-Request-Id": "r1"], body: body)
    ])
    do {
      _ = try await transport.client().search(SearchRequest(.smiles("C1CC"), k: 0))
      Issue.record("no error")
    } catch ClientError.problem(let problem) {
      #expect(problem.errors.map(\.field) == ["k", "smiles"])
      #expect(problem.errors.map(\.offset) == [nil, 3])
      #expect(problem.requestID == "r1")
    }
    #expect(transport.requests.count == 1)
  }

  @Test func aWriteIsRepeatedUnderItsKey() async throws {
    let item = """
      {"id": 1, "corpus": "c", "source_id": "a/1", "source_ids": ["a/1"], "smiles": null, "text": "t",
       "properties": {"first_name": "x"}, "updated_at": "2026-01-01T00:00:00Z", "status": "created",
       "corpus_version": 2}
      """
    let transport = RecordedTransport([
      Reply(status: 503), Reply(status: 409, headers: ["Retry-After": "0"]),
      Reply(
        status: 201, headers: ["ETag": "\"e\"", "Idempotency-Replayed": "true"], body: item),
    ])
    let answer = try await transport.client().putItem(
      "c d", "a/1", ItemContent(text: "t", properties: ["first_name": "x"]))
    #expect(answer.sourceId == "a/1")
    #expect(answer.properties == ["first_name": "x"])
    #expect(answer.etag == "\"e\"" && answer.isReplayed && answer.status == 201)
    let keys = transport.requests.map { $0.value(forHTTPHeaderField: "Idempotency-Key") }
    #expect(keys.count == 3 && Set(keys).count == 1 && keys[0] != nil)
    #expect(
      transport.requests[0].url?.absoluteString
        == "http://127.0.0.1:1/prefix/v1/corpora/c%20d/items/a%2F1")
    #expect(transport.requests[0].value(forHTTPHeaderField: "Authorization") == "Bearer lig_x")
    let body = try #require(transport.requests[0].httpBody)
    #expect(
      String(decoding: body, as: UTF8.self) == #"{"properties":{"first_name":"x"},"text":"t"}"#)
  }

  @Test func aConflictWithoutAdviceIsAnError() async throws {
    let transport = RecordedTransport([Reply(status: 409)])
    await #expect(throws: ClientError.self) { try await transport.client().cancelJob(1) }
    #expect(transport.requests.count == 1)
  }

  @Test func readinessIsAskedOnce() async throws {
    let transport = RecordedTransport([Reply(status: 503)])
    await #expect(throws: ClientError.self) { try await transport.client().getReadiness() }
    #expect(transport.requests.count == 1)
  }

  @Test func resultsOfLinesComeInOrder() async throws {
    let transport = RecordedTransport([
      Reply(
        body: "{\"line\": 1, \"status\": \"created\"}\r\n\n{\"line\": 2, \"status\": \"refused\"}")
    ])
    var found: [String] = []
    for try await result in try await transport.client().writeItems(
      "c", [.put("ü", ItemContent(smiles: "CCO")), .delete("b")])
    {
      found.append("\(result.line) \(result.status)")
    }
    #expect(found == ["1 created", "2 refused"])
    let body = try #require(transport.requests[0].httpBody)
    #expect(
      String(decoding: body, as: UTF8.self)
        == "{\"smiles\":\"CCO\",\"source_id\":\"ü\"}\n{\"delete\":true,\"source_id\":\"b\"}\n")
  }

  @Test func eventsEndWithTheJob() async throws {
    let job = """
      {"id": 4, "corpus": "c", "model": "m", "state": "done", "rows": 2, "rejects": 0, "total_rows": 2,
       "share": 1, "rows_per_second": 9, "problem": null}
      """.replacing("\n", with: "")
    let text =
      "event: progress\nid: 7\ndata: \(job)\n\n: quiet\n\nevent: done\nid: 8\ndata: \(job)\n\n"
    let transport = RecordedTransport([
      Reply(body: text), Reply(body: "event: progress\ndata: \(job)\n\n"),
    ])
    let client = try transport.client()
    var names: [String] = []
    for try await event in try await client.followJob(4, lastEventID: "6") {
      names.append("\(event.name) \(event.id ?? "-") \(event.job?.rows ?? -1)")
    }
    #expect(names == ["progress 7 2", "done 8 2"])
    #expect(transport.requests[0].value(forHTTPHeaderField: "Last-Event-ID") == "6")
    await #expect(throws: ClientError.self) {
      for try await _ in try await client.followJob(4) {}
    }
  }

  @Test func pausesGrowAndHeedAdvice() {
    let policy = RetryPolicy(first: .milliseconds(100), longest: .seconds(1))
    #expect(policy.pause(after: 1, asked: nil, chance: 1) == .milliseconds(100))
    #expect(policy.pause(after: 3, asked: nil, chance: 0.5) == .milliseconds(200))
    #expect(policy.pause(after: 60, asked: nil, chance: 1) == .seconds(1))
    #expect(policy.pause(after: 1, asked: 3, chance: 0) == .seconds(3))
  }
}
