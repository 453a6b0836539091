import Foundation
import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct ManyItemsDatabaseTests {
  private func statuses(_ answer: WritingClient.Answer) -> [String] {
    answer.lines.map { line in
      let status = line.firstMatch(of: #/"status":"([a-z]+)"/#).map { String($0.1) } ?? "?"
      let number = line.firstMatch(of: #/"line":([0-9]+)/#).map { String($0.1) } ?? "?"
      return "\(number) \(status)"
    }
  }

  @Test func everyLineHasItsResult() async throws {
    try await WritingClient.run { client in
      let answer = try await client.post([
        #"{"source_id": "a", "smiles": "CCO", "text": "one"}"#,
        #"{"source_id": "b", "smiles": "C(", "text": "two"}"#,
        "",
        #"{"source_id": "a", "smiles": "CCO", "text": "one"}"#,
        #"{"source_id": "a", "text": "other"}"# + "\r",
        #"{"source_id": "c", "text": "three", "properties": {"n": 3, "f": true}}"#,
        #"{"source_id": "c", "delete": true}"#,
        #"{"source_id": "d", "delete": true}"#,
        #"{"source_id": "e", "delete": true, "text": "x"}"#,
        #"{"text": "nameless"}"#,
        #"not JSON"#,
        #"{"source_id": "f", "text": "six", "colour": 1}"#,
      ])
      #expect(answer.status == 200)
      #expect(
        statuses(answer) == [
          "1 created", "2 refused", "4 unchanged", "5 updated", "6 created", "7 deleted",
          "8 refused", "9 refused", "10 refused", "11 refused", "12 refused",
        ])
      #expect(answer.lines[1].contains(#""field":"smiles","offset":1"#))
      #expect(answer.lines[7].contains(#""field":"text""#))
      #expect(answer.lines[9].contains(#""status":400"#))
      #expect(
        try client.rows(
          """
          select source_id, text from item_sources join items on items.id = item_id
          where items.corpus_id > 2
          """) == ["a|other"])
      let audit = try client.rows("select action, target, detail::text from audit_log order by id")
      #expect(audit.allSatisfy { $0.hasPrefix("items.write|written|") } && audit.count == 3)
    }
  }

  @Test func mediaTypeAndNamesAreChecked() async throws {
    try await WritingClient.run { client in
      let text = try await client.post(["{}"], ["Content-Type": "text/plain"])
      #expect(text.status == 415)
      let refused = try await client.post([#"{"source_id": "a\nb", "text": "x"}"#])
      #expect(refused.text.contains(#""field":"source_id""#))
      #expect(try client.rows("select name from corpora where name = 'written'").isEmpty)
    }
  }

  @Test func largeBodiesComeByFile() async throws {
    try await WritingClient.run { client in
      let filler = String(repeating: "word ", count: 200)
      let lines = (0..<1500).map {
        "{\"source_id\": \"n\($0)\", \"text\": \"text \($0 % 700) \(filler)\"}"
      }
      let first = try await client.post(lines)
      #expect(first.lines.count == 1500)
      #expect(statuses(first).allSatisfy { $0.hasSuffix("created") })
      #expect(
        try client.rows(
          """
          select count(*)::text, count(distinct item_id)::text from item_sources
          where corpus_id > 2
          """) == ["1500|700"])
      let again = try await client.post(lines)
      #expect(statuses(again).allSatisfy { $0.hasSuffix("unchanged") })
    }
  }

  @Test func keptAnswerIsGivenAgainAndUnfinishedWorkGoesOn() async throws {
    try await WritingClient.run { client in
      let lines = (0..<700).map { "{\"source_id\": \"k\($0)\", \"text\": \"text \($0)\"}" }
      let key = ["Idempotency-Key": "\"many-1\""]
      let first = try await client.post(lines, key)
      #expect(first.lines.count == 700 && first.headers["idempotency-replayed"] == nil)
      let again = try await client.post(lines, key)
      #expect(again.body == first.body && again.headers["idempotency-replayed"] == "true")
      #expect(try await client.post(Array(lines.dropLast()), key).status == 422)
      // As after a kill behind the first part: what it says is kept, the rest is done.
      let connection = try Connection(client.settings)
      try connection.execute("delete from idempotent_answer_parts where number > 1")
      try connection.execute("update idempotent_answers set status = null")
      let resumed = try await client.post(lines, key)
      #expect(resumed.lines.prefix(256) == first.lines.prefix(256))
      #expect(statuses(resumed).dropFirst(256).allSatisfy { $0.hasSuffix("unchanged") })
      #expect(resumed.lines.count == 700)
      #expect(try await client.post(lines, key).body == resumed.body)
    }
  }
}
