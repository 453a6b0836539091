import Foundation
import ModelTestSupport
import Molecule
import Postgres
import Records
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct CorporaDatabaseTests {
  @Test(arguments: [
    "/v1/info", "/v1/experts", "/v1/corpora", "/v1/models", "/v1/jobs", "/openapi.json",
  ])
  func readsAreConditional(path: String) async throws {
    try await WritingClient.run { client in
      let tag = try #require(try await client.send("GET", path).headers["etag"])
      let again = try await client.send("GET", path, nil, ["If-None-Match": tag])
      #expect(again.status == 304 && again.headers["etag"] == tag)
    }
  }

  @Test(arguments: [
    ("GET", "/v1/corpora?limit=1"), ("POST", "/v1/search?k=5"), ("GET", "/v1/info?x"),
  ])
  func unknownParametersAreRefused(method: String, path: String) async throws {
    try await WritingClient.run { client in
      let answer = try await client.send(
        method, path, method == "POST" ? #"{"text": "a"}"# : nil)
      #expect(answer.status == 422)
      #expect(answer.wrongFields == [String(path.split(separator: "?")[1].prefix { $0 != "=" })])
    }
  }

  @Test func corporaTellWhatTheyHold() async throws {
    try await WritingClient.run { client in
      let list = try await client.send("GET", "/v1/corpora")
      #expect(list.status == 200)
      let pairs = try await client.send("GET", "/v1/corpora/pairs")
      #expect(pairs.integer("items") == 40 && pairs.integer("texts") == 40)
      #expect(pairs.integer("source_ids") == 40)
      #expect(
        pairs.text.contains(#""models":[{"name":"tiny","molecules":40,"texts":40,"share":1.0}]"#))
      #expect(list.text.contains(pairs.text))
      let tag = try #require(pairs.headers["etag"])
      #expect(
        try await client.send("GET", "/v1/corpora/pairs", nil, ["If-None-Match": tag]).status == 304
      )
      #expect(try await client.send("GET", "/v1/corpora/nowhere").status == 404)
    }
  }

  @Test func corpusIsDroppedWithItsAnswerKept() async throws {
    try await WritingClient.run { client in
      let key = ["Idempotency-Key": "drop"]
      let dropped = try await client.send("DELETE", "/v1/corpora/pairs", nil, key)
      #expect(dropped.status == 200 && dropped.integer("deleted_items") == 40)
      #expect(try await client.send("DELETE", "/v1/corpora/pairs", nil, key).body == dropped.body)
      #expect(try await client.send("DELETE", "/v1/corpora/pairs").status == 404)
      #expect(try client.rows("select name from corpora") == ["bare"])
      #expect(
        try client.rows("select action, target, actor from audit_log")
          == ["corpus.delete|pairs|anonymous"])
    }
  }

  @Test func exportIndexesToTheSame() async throws {
    try await WritingClient.run(workers: 1) { client in
      let rows: SQLStatement = """
        select s.source_id, i.smiles, i.text, coalesce(s.properties, i.properties)::text
        from item_sources s join items i on i.id = s.item_id join corpora c on c.id = i.corpus_id
        where c.name = 'pairs' order by 1
        """
      let before = try client.rows(rows)
      for (format, type) in [
        ("ndjson", "application/x-ndjson"), ("tsv", "text/tab-separated-values"),
      ] {
        let file = try await client.send("GET", "/v1/corpora/pairs/export?format=\(format)")
        #expect(file.headers["content-type"] == type)
        #expect(file.headers["content-disposition"] == "attachment; filename=\"pairs.\(format)\"")
        #expect(try await client.send("DELETE", "/v1/corpora/pairs").status == 200)
        let started = try await client.send(
          "POST", "/v1/jobs?corpus=pairs", data: Data(file.body), ["Content-Type": type])
        let done = try await client.finished(try #require(started.integer("id")))
        #expect(done.integer("rows") == 40)
        #expect(try client.rows(rows) == before)
      }
      #expect(
        try await client.send("GET", "/v1/corpora/pairs/export?format=xls").wrongFields == [
          "format"
        ])
      #expect(try await client.send("GET", "/v1/corpora/nowhere/export").status == 404)
    }
  }

  @Test func structuresAreExportedWithTheirData() async throws {
    try await WritingClient.run { client in
      let fixture = try SearchFixture.shared()
      let file = try await client.send("GET", "/v1/corpora/pairs/export?format=sdf")
      let path = NSTemporaryDirectory() + "/ligature-\(UUID().uuidString).sdf"
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(file.body).write(to: URL(fileURLWithPath: path))
      let reader = try RecordReader(path: path)
      var seen = 0
      while let outcome = try reader.next() {
        guard case .record(let record) = outcome else {
          Issue.record("\(outcome)")
          continue
        }
        let compound = try #require(fixture.compounds.first { $0.id == record.id })
        #expect(record.text == compound.text)
        #expect(record.properties == ["name": compound.name])
        let graph = try MolfileReader.read(try #require(record.molfile)).graph
        #expect(
          graph.canonicalSMILES() == (try SMILESReader.read(compound.smiles)).canonicalSMILES())
        seen += 1
      }
      #expect(seen == 40)
      let smiles = try await client.send("GET", "/v1/corpora/bare/export?format=smi")
      #expect(smiles.lines.count == 20)
    }
  }

  @Test func modelsTellWhatTheyHaveEmbedded() async throws {
    try await WritingClient.run { client in
      let one = try await client.send("GET", "/v1/models/tiny")
      #expect(one["is_served"] == .boolean(true) && one["is_promoted"] == .boolean(false))
      #expect(one.integer("molecules") == 60 && one.integer("texts") == 40)
      #expect(one["dev", "queries"] != nil)
      #expect(try await client.send("GET", "/v1/models").text.contains(one.text))
      #expect(try await client.send("GET", "/v1/models/none").status == 404)
      let key = ["Idempotency-Key": "promote"]
      let promoted = try await client.send("POST", "/v1/models/tiny/promote", nil, key)
      #expect(promoted.status == 200 && promoted["is_promoted"] == .boolean(true))
      #expect(
        try await client.send("POST", "/v1/models/tiny/promote", nil, key).body == promoted.body)
      #expect(try await client.send("POST", "/v1/models/tiny/promote").status == 200)
      #expect(try await client.send("POST", "/v1/models/none/promote").status == 404)
      #expect(try client.rows("select action, target from audit_log") == ["model.promote|tiny"])
    }
  }

  @Test func entriesNameTheActorAndCannotBeChanged() async throws {
    try await WritingClient.run { client in
      _ = try await client.put("a", #"{"text": "x"}"#, ["X-Request-Id": "request-7"])
      let connection = try Connection(client.settings)
      let record = try #require(try AuditLog(connection).records(since: nil, limit: 10).first)
      #expect(record.entry.actor == "anonymous" && record.entry.action == "item.put")
      #expect(record.entry.target == "written/a" && record.entry.requestID == "request-7")
      #expect(throws: PostgresError.self) { try connection.execute("delete from audit_log") }
      #expect(throws: PostgresError.self) {
        try connection.execute("update audit_log set actor = 'x'")
      }
      let later = Timestamp(microsecondsSince1970: record.moment.microsecondsSince1970 + 1)
      #expect(try AuditLog(connection).records(since: later, limit: 10).isEmpty)
      #expect(try AuditLog(connection).records(since: record.moment, limit: 10).count == 1)
    }
  }
}
