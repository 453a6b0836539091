import Foundation
import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct ItemsDatabaseTests {
  private static let aspirin =
    #"{"smiles": "CC(=O)Oc1ccccc1C(=O)O", "text": "a painkiller", "properties": {"mass": 180.2}}"#

  @Test func putIsThereAtOnceAndFoundWithinASecond() async throws {
    try await WritingClient.run { client in
      let put = try await client.put("a1", Self.aspirin)
      #expect(put.status == 201)
      #expect(put.headers["location"] == "/v1/corpora/written/items/a1")
      #expect(put.string("status") == "created" && put.integer("corpus_version") == 1)
      let acknowledged = ContinuousClock.now
      let got = try await client.get("a1")
      #expect(got.status == 200 && got.headers["etag"] == put.headers["etag"])
      #expect(got.string("text") == "a painkiller")
      #expect(got["properties"] == .object([.init(name: "mass", value: .string("180.2"))]))
      var found = false
      while !found, ContinuousClock.now - acknowledged < .seconds(1) {
        let answer = try await client.send(
          "POST", "/v1/search",
          #"{"smiles": "OC(=O)c1ccccc1OC(C)=O", "target": "molecules", "k": 1, "corpus": "written"}"#
        )
        found = answer.status == 200 && answer.text.contains(#""source_id":"a1""#)
        if !found { try await Task.sleep(for: .milliseconds(10)) }
      }
      #expect(found)
      let number = try #require(got.integer("id"))
      let same = try await client.send("GET", "/v1/items/\(number)")
      #expect(same.status == 200 && same.body == got.body)
    }
  }

  @Test func sameAgainChangesNothing() async throws {
    try await WritingClient.run { client in
      let first = try await client.put("a1", Self.aspirin)
      let again = try await client.put("a1", Self.aspirin)
      #expect(again.status == 200 && again.string("status") == "unchanged")
      #expect(again.integer("corpus_version") == 1)
      #expect(again.headers["etag"] == first.headers["etag"])
      let other = try await client.put("a1", #"{"smiles": "CCO"}"#)
      #expect(other.status == 200 && other.string("status") == "updated")
      #expect(other.integer("corpus_version") == 2)
      #expect(other["text"] == .null)
      #expect(try client.rows("select smiles from items where corpus_id > 2") == ["CCO"])
    }
  }

  @Test func oldChangesAreForgottenWithTheNextWrite() async throws {
    try await WritingClient.run { client in
      let versions: SQLStatement = """
        select version::text from changes where corpus_id > 2 order by version
        """
      for smiles in ["C", "CC", "CCC"] {
        _ = try await client.put("a1", #"{"smiles": "\#(smiles)"}"#)
      }
      #expect(try client.rows(versions) == ["1", "2", "3"])
      _ = try client.rows(
        "update changes set created_at = now() - interval '8 days' returning 1::text")
      #expect(try await client.put("a1", #"{"smiles": "CCC"}"#).string("status") == "unchanged")
      #expect(try client.rows(versions) == ["1", "2", "3"])
      _ = try await client.put("a1", #"{"smiles": "CCCC"}"#)
      #expect(try client.rows(versions) == ["3", "4"])
    }
  }

  @Test func spellingsOfOneContentAreOneItem() async throws {
    try await WritingClient.run { client in
      let first = try await client.put("a", #"{"smiles": "OCC", "properties": {"x": "1"}}"#)
      let second = try await client.put("b", #"{"smiles": "CCO", "properties": {"x": "2"}}"#)
      #expect(first.integer("id") == second.integer("id"))
      #expect(second["source_ids"] == .array([.string("a"), .string("b")]))
      #expect(second["properties", "x"] == .string("2"))
      #expect(try await client.get("a")["properties", "x"] == .string("1"))
      let gone = try await client.delete("a")
      #expect(gone.status == 200 && gone.string("status") == "deleted")
      #expect(try await client.get("a").status == 404)
      #expect(try await client.get("b")["properties", "x"] == .string("2"))
      _ = try await client.delete("b")
      #expect(try client.rows("select id::text from items where corpus_id > 2").isEmpty)
      #expect(try await client.delete("b").status == 404)
    }
  }

  @Test func storedAsIndexingStores() async throws {
    try await WritingClient.run { client in
      let fixture = try SearchFixture.shared()
      let rows = fixture.compounds.prefix(20)
      for compound in rows {
        let body = try JSONEncoder().encode(
          ["smiles": compound.smiles, "text": compound.text].mapValues { $0 })
        let put = try await client.put(compound.id, String(decoding: body, as: UTF8.self))
        #expect(put.status == 201)
      }
      let path = NSTemporaryDirectory() + "/ligature-\(UUID().uuidString).tsv"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let lines = rows.map { "\($0.id)\t\($0.smiles)\t\($0.text)" }
      try (["id\tsmiles\ttext"] + lines).joined(separator: "\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      let indexer = Indexer(
        checkpoint: fixture.checkpoint, modelFolder: "", settings: client.settings)
      _ = try indexer.index(
        .init(path: path, corpus: "indexed", rejectsPath: path + ".rejects"))
      func contents(_ corpus: String) throws -> [String] {
        try client.rows(
          """
          select s.source_id, i.smiles, i.text, i.properties::text, encode(i.content_key, 'hex'),
            i.molecule_key::text, i.molecular_weight::text, i.logp::text, i.rings::text,
            encode(i.fingerprint, 'hex'), encode(i.screen, 'hex'),
            (select string_agg(modality || encode(vector, 'hex') || encode(code, 'hex'), ','
              order by modality) from embeddings where item_id = i.id)
          from item_sources s join items i on i.id = s.item_id join corpora c on c.id = i.corpus_id
          where c.name = \(corpus) order by s.source_id
          """)
      }
      #expect(try contents("written").count == 20)
      #expect(try contents("written") == contents("indexed"))
    }
  }

  @Test(arguments: [
    (#"{}"#, ["smiles"]), (#"{"smiles": "CC(C)X"}"#, ["smiles"]),
    (#"{"smiles": "C", "colour": 1}"#, ["colour"]), (#"{"smiles": 1}"#, ["smiles"]),
    (#"{"smiles": "C", "properties": {"a": [1]}}"#, ["properties.a"]),
    (#"{"smiles": "C", "properties": []}"#, ["properties"]),
    (#"{"text": "a\u0000b"}"#, ["text"]), (#"{"smiles": "", "text": ""}"#, ["smiles"]),
    (#"{"smiles": "C", "properties": {"id": "x"}}"#, ["properties.id"]),
  ])
  func wrongFieldsAreNamed(body: String, fields: [String]) async throws {
    try await WritingClient.run { client in
      let answer = try await client.put("x", body)
      #expect(answer.status == 422 && answer.wrongFields == fields)
      #expect(try client.rows("select name from corpora where name = 'written'").isEmpty)
      #expect(try client.rows("select action from audit_log").isEmpty)
    }
  }

  @Test func overlongNamesOfPropertiesAreRefused() async throws {
    try await WritingClient.run { client in
      func body(_ bytes: Int) -> String {
        #"{"smiles": "C", "properties": {"\#(String(repeating: "n", count: bytes))": 1}}"#
      }
      let answer = try await client.put("x", body(1025))
      #expect(answer.status == 422 && answer.wrongFields.count == 1)
      #expect(answer.wrongFields.first?.hasPrefix("properties.nnn") == true)
      #expect(answer.text.contains("found a name of 1025 bytes, expected at most 1024"))
      #expect(try await client.put("x", body(1024)).status == 201)
    }
  }

  @Test func namesAndMediaTypesAreChecked() async throws {
    try await WritingClient.run { client in
      let long = String(repeating: "x", count: 1001)
      #expect(try await client.put(long, Self.aspirin).wrongFields == ["source_id"])
      #expect(try await client.put("a%0Ab", Self.aspirin).wrongFields == ["source_id"])
      let text = try await client.put("x", Self.aspirin, ["Content-Type": "text/plain"])
      #expect(text.status == 415)
      #expect(try await client.put("x", "{").status == 400)
      let slash = try await client.put("a%2Fb", Self.aspirin)
      #expect(slash.status == 201 && slash.string("source_id") == "a/b")
      #expect(slash.headers["location"] == "/v1/corpora/written/items/a%2Fb")
      #expect(try await client.send("GET", "/v1/items/0").status == 404)
      #expect(try await client.send("GET", "/v1/items/x").status == 404)
    }
  }

  @Test func aTagOfACodedAnswerIsGoodForAWrite() async throws {
    try await WritingClient.run { client in
      // Large enough to be sent in gzip.
      let text = String(repeating: "a long note on a molecule. ", count: 100)
      _ = try await client.put("long", #"{"smiles": "CCO", "text": "\#(text)"}"#)
      let read = try await client.get("long", ["Accept-Encoding": "gzip"])
      let tag = try #require(read.headers["etag"])
      #expect(tag.hasSuffix("-gzip\"") && !tag.hasPrefix("W/"))
      #expect(try await client.get("long", ["If-None-Match": tag]).headers["etag"] == tag)
      let written = try await client.put("long", #"{"smiles": "CCN"}"#, ["If-Match": tag])
      #expect(written.status == 200)
      #expect(try await client.put("long", #"{"smiles": "C"}"#, ["If-Match": tag]).status == 412)
    }
  }

  @Test func preconditionsHold() async throws {
    try await WritingClient.run { client in
      let absent = try await client.put("a", Self.aspirin, ["If-Match": "*"])
      #expect(absent.status == 412)
      #expect(try client.rows("select name from corpora where name = 'written'").isEmpty)
      let first = try await client.put("a", Self.aspirin, ["If-None-Match": "*"])
      #expect(first.status == 201)
      #expect(try await client.put("a", Self.aspirin, ["If-None-Match": "*"]).status == 412)
      let tag = try #require(first.headers["etag"])
      #expect(try await client.get("a", ["If-None-Match": tag]).status == 304)
      #expect(try await client.get("a", ["If-None-Match": "\"x\", W/\(tag)"]).status == 304)
      let changed = try await client.put("a", #"{"smiles": "C"}"#, ["If-Match": tag])
      #expect(changed.status == 200)
      #expect(try await client.put("a", #"{"smiles": "N"}"#, ["If-Match": tag]).status == 412)
      #expect(try await client.delete("a", ["If-Match": tag]).status == 412)
      #expect(try await client.get("a", ["If-None-Match": tag]).status == 200)
      let now = try #require(changed.headers["etag"])
      #expect(try await client.delete("a", ["If-Match": "\"y\" , \(now)"]).status == 200)
    }
  }

  @Test func oneOfManyCreates() async throws {
    try await WritingClient.run { client in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<12 {
          group.addTask {
            try await client.put("one", "{\"text\": \"number \(number)\"}", ["If-None-Match": "*"])
              .status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.count { $0 == 201 } == 1)
      #expect(statuses.count { $0 == 412 } == 11)
    }
  }

  @Test func manyClientsLoseNothing() async throws {
    try await WritingClient.run { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
          group.addTask {
            for number in 0..<15 {
              // Ids of a writer's own, and ids that all of them change.
              let id = number % 3 == 0 ? "shared\(number)" : "own\(writer)-\(number)"
              let body = "{\"text\": \"\(writer) says \(number % 4)\"}"
              var answer = try await client.put(id, body)
              // A busy machine may be asked to wait, as any client is.
              while answer.status == 503 {
                #expect(answer.headers["retry-after"] != nil)
                answer = try await client.put(id, body)
              }
              #expect([200, 201].contains(answer.status))
            }
          }
        }
        try await group.waitForAll()
      }
      let counts = try client.rows(
        """
        select count(*)::text, count(*) filter (where source_id like 'shared%')::text
        from item_sources where corpus_id > 2
        """)
      #expect(counts == ["85|5"])
      let problems = try client.rows(
        """
        select i.id::text from items i where corpus_id > 2 and (
          not exists (select from item_sources s where s.item_id = i.id)
          or not exists (select from embeddings e where e.item_id = i.id))
        """)
      #expect(problems.isEmpty)
      let versions = try client.rows(
        """
        select (c.version = (select count(*) from changes where corpus_id = c.id))::text
        from corpora c where name = 'written'
        """)
      #expect(versions == ["true"])
    }
  }

  @Test func pagesAreWholeWhileRowsAreAdded() async throws {
    try await WritingClient.run { client in
      let lines = (0..<25).map { "{\"source_id\": \"r\($0)\", \"text\": \"text \($0)\"}" }
      #expect(try await client.post(lines).lines.count == 25)
      var ids: [Int] = []
      var cursor: String?
      var pages = 0
      repeat {
        let answer = try await client.send(
          "GET", "/v1/corpora/written/items?limit=10" + (cursor.map { "&cursor=\($0)" } ?? ""))
        guard case .array(let items)? = answer["items"] else {
          throw URLError(.cannotParseResponse)
        }
        for case .object(let members) in items {
          if case .number(let id)? = members.first(where: { $0.name == "id" })?.value {
            ids.append(try #require(Int(id)))
          }
        }
        cursor = answer.string("cursor")
        pages += 1
        try await client.put("later\(pages)", "{\"text\": \"later \(pages)\"}")
      } while cursor != nil
      #expect(pages == 3)
      #expect(ids.count == 25)
      #expect(ids == Set(ids).sorted())
      for query in ["limit=0", "limit=x", "cursor=x", "cursor=9-3", "colour=1", "limit=1&limit=2"] {
        #expect(try await client.send("GET", "/v1/corpora/written/items?\(query)").status == 422)
      }
      #expect(try await client.send("GET", "/v1/corpora/nowhere/items").status == 404)
    }
  }
}
