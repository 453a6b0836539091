import Foundation
import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct JobsDatabaseTests {
  private static let rows = [
    "id\tsmiles\ttext\tmass", "u1\tCCO\tspirit\t46", "u2\tC(\tbroken\t1", "u3\t\ta text alone\t",
  ]

  @Test func uploadBecomesItemsAndRejects() async throws {
    try await WritingClient.run(workers: 1) { client in
      let started = try await client.upload(Self.rows)
      #expect(started.status == 202)
      let id = try #require(started.integer("id"))
      #expect(started.headers["location"] == "/v1/jobs/\(id)")
      #expect(started.integer("total_rows") == 3 && started.string("state") == "working")
      let done = try await client.finished(id)
      #expect(done.string("state") == "done")
      #expect(done.integer("rows") == 2 && done.integer("rejects") == 1)
      let rejects = try await client.send("GET", "/v1/jobs/\(id)/rejects")
      #expect(rejects.lines.count == 1)
      #expect(rejects.text.hasPrefix(#"{"line":3,"field":"smiles","#))
      let item = try await client.send("GET", "/v1/corpora/uploaded/items/u1")
      #expect(item["properties", "mass"] == .string("46"))
      let list = try await client.send("GET", "/v1/jobs?limit=1")
      #expect(list.text.contains("\"id\":\(id)") && list["cursor"] == .null)
      #expect(
        try client.rows("select action, target from audit_log") == ["job.start|\(id)"])
      #expect(try client.rows("select count(*)::text from index_chunks") == ["0"])
    }
  }

  @Test(arguments: [
    ("text/csv", "", ["id,smiles", "x,CCO"]),
    ("application/x-ndjson", "", [#"{"id": "x", "smiles": "CCO"}"#]),
    ("chemical/x-daylight-smiles", "", ["CCO x"]),
    ("application/octet-stream", "&format=smi", ["CCO x"]),
    ("text/plain", "", ["id\tsmiles", "x\tCCO"]),
  ])
  func formatsAreTold(type: String, query: String, lines: [String]) async throws {
    try await WritingClient.run(workers: 1) { client in
      let started = try await client.upload(lines, ["Content-Type": type], query: query)
      let done = try await client.finished(try #require(started.integer("id")))
      #expect(done.integer("rows") == 1)
      let item = try await client.send("GET", "/v1/corpora/uploaded/items/x")
      #expect(item.string("smiles") == "CCO")
    }
  }

  @Test func unusableFilesLeaveNothing() async throws {
    try await WritingClient.run { client in
      for lines in [["name\tsmiles", "x\tCCO"], ["id\tid", "a\tb"]] {
        let answer = try await client.upload(lines)
        #expect(answer.status == 422 && answer.wrongFields == ["body"])
      }
      let empty = try await client.send(
        "POST", "/v1/jobs?corpus=uploaded", data: Data(), ["Content-Type": "text/csv"])
      #expect(empty.status == 422)
      #expect(try await client.send("POST", "/v1/jobs", "x").wrongFields == ["corpus"])
      #expect(try await client.upload(Self.rows, query: "&format=xls").wrongFields == ["format"])
      #expect(try client.rows("select name from corpora where name = 'uploaded'").isEmpty)
      #expect(try client.rows("select id::text from index_jobs").isEmpty)
      #expect(try await client.send("GET", "/v1/jobs/1").status == 404)
      #expect(try await client.send("GET", "/v1/jobs/x/events").status == 404)
    }
  }

  @Test func jobOutlivesItsServer() async throws {
    let settings = try SearchFixture.shared().makeDatabase()
    var lines = ["id\tsmiles\ttext"]
    // More than one chunk, and a body that is kept in a file.
    for number in 0..<1200 {
      lines.append("r\(number)\t\t\(number) \(String(repeating: "word ", count: 200))")
    }
    var id = 0
    try await WritingClient.run(on: settings) { client in
      let started = try await client.upload(lines)
      id = try #require(started.integer("id"))
      #expect(try await client.send("GET", "/v1/jobs/\(id)").string("state") == "working")
    }
    try await WritingClient.run(workers: 2, on: settings) { client in
      let done = try await client.finished(id)
      #expect(done.string("state") == "done" && done.integer("rows") == 1200)
      #expect(done["share"] == .number("1.0"))
    }
  }

  @Test func eventsTellTheWayToTheEnd() async throws {
    let settings = try SearchFixture.shared().makeDatabase()
    try await WritingClient.run(workers: 1, on: settings) { client in
      let lines = ["id\ttext"] + (0..<600).map { "e\($0)\tevent \($0)" }
      let id = try #require(try await client.upload(lines).integer("id"))
      let events = try await client.send("GET", "/v1/jobs/\(id)/events")
      #expect(events.headers["content-type"] == "text/event-stream")
      let blocks = events.text.components(separatedBy: "\n\n").filter { $0.hasPrefix("event:") }
      #expect(blocks.last?.hasPrefix("event: done\nid: ") == true)
      #expect(blocks.dropLast().allSatisfy { $0.hasPrefix("event: progress\nid: ") })
      let data = try #require(blocks.last?.components(separatedBy: "data: ").last)
      let problems = SchemaCheck.problems(
        try JSONDocument(parsing: Array(data.utf8)), .reference("Job"))
      #expect(problems.isEmpty)
      #expect(data.contains("\"rows\":600"))
    }
    try await WritingClient.run(on: settings) { client in
      // Nobody works: a client that had the state already hears of the next one only.
      let id = try #require(try await client.upload(["id\ttext", "z\tz"]).integer("id"))
      let stamp = try client.rows(
        """
        select (extract(epoch from updated_at) * 1000000)::bigint::text from index_jobs
        where id = \(Int64(id))
        """)[0]
      async let events = client.send(
        "GET", "/v1/jobs/\(id)/events", nil, ["Last-Event-ID": stamp])
      try await Task.sleep(for: .milliseconds(600))
      #expect(try await client.send("DELETE", "/v1/jobs/\(id)").string("state") == "cancelled")
      let text = try await events.text
      #expect(text.components(separatedBy: "event:").count == 2 && text.contains("event: done"))
    }
  }

  @Test func cancelledJobStoresNoMore() async throws {
    try await WritingClient.run { client in
      let id = try #require(try await client.upload(Self.rows).integer("id"))
      let key = ["Idempotency-Key": "cancel"]
      let cancelled = try await client.send("DELETE", "/v1/jobs/\(id)", nil, key)
      #expect(cancelled.status == 200 && cancelled.string("state") == "cancelled")
      #expect(try await client.send("DELETE", "/v1/jobs/\(id)", nil, key).status == 200)
      #expect(try await client.send("DELETE", "/v1/jobs/\(id)").status == 409)
      #expect(try await client.send("DELETE", "/v1/jobs/99").status == 404)
      #expect(
        try client.rows("select action from audit_log order by id") == ["job.start", "job.cancel"])
    }
  }

  @Test func uploadWithAKeyIsQueuedOnce() async throws {
    try await WritingClient.run { client in
      let headers = ["Content-Type": "text/tab-separated-values", "Idempotency-Key": "up"]
      let first = try await client.upload(Self.rows, headers)
      let again = try await client.upload(Self.rows, headers)
      #expect(again.status == 202 && again.body == first.body)
      #expect(again.headers["location"] == first.headers["location"])
      #expect(try client.rows("select count(*)::text from index_jobs") == ["1"])
    }
  }
}
