import HTTPDaemon
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct RequestFieldsTests {
  private func items(
    _ body: String, _ ask: (inout RequestFields) -> Void = { _ in }
  ) throws -> [ProblemDetails.Item] {
    do {
      var fields = try RequestFields(body: Array(body.utf8))
      ask(&fields)
      try fields.finish()
      return []
    } catch APIError.invalid(let items) {
      return items
    }
  }

  @Test func unknownAndRepeatedFieldsAreNamed() throws {
    let found = try items(#"{"k": 1, "k": 2, "color": 3, "age": 4}"#) { _ = $0.integer("k") }
    #expect(found.map(\.field) == ["k", "age", "color"])
  }

  @Test func nullIsAbsent() throws {
    var found: String?
    #expect(try items(#"{"text": null}"#) { found = $0.string("text") }.isEmpty)
    #expect(found == nil)
  }

  @Test(arguments: [("3", 3), ("3.0", 3), ("3e2", 300), ("-1", -1)])
  func wholeNumbersInAnySpelling(spelling: String, value: Int) throws {
    var found: Int?
    #expect(try items("{\"k\": \(spelling)}") { found = $0.integer("k") }.isEmpty)
    #expect(found == value)
  }

  @Test(arguments: ["2.5", "1e400", "\"3\"", "true", "[]"])
  func whatIsNoWholeNumberIsRefused(spelling: String) throws {
    #expect(try items("{\"k\": \(spelling)}") { _ = $0.integer("k") }.map(\.field) == ["k"])
  }

  @Test func wrongElementIsNamedByItsPlace() throws {
    let found = try items(#"{"vector": [1, 2, "3"]}"#) { _ = $0.numbers("vector") }
    #expect(found[0].detail == "element 2: found a string, expected a number")
  }

  @Test func mistakesAndWhatTheyRepeatAreBounded() throws {
    let names = (0..<1000).map { "\"field\($0)\": 1" }.joined(separator: ",")
    #expect(try items("{\(names)}").count == 16)
    // One character of very many scalars.
    let long = "e" + String(repeating: "\u{301}", count: 100_000)
    let digits = String(repeating: "9", count: 100_000)
    let found = try items("{\"k\": \(digits), \"\(long)\": 1, \"\(long)\": 2}") {
      _ = $0.integer("k")
    }
    #expect(found.count == 3)
    #expect(found.allSatisfy { $0.field.utf8.count < 200 && $0.detail.utf8.count < 200 })
  }

  @Test func contentTypeMayBeLeftOut() throws {
    func fields(_ headers: HTTPHeaders) throws -> RequestFields {
      let target = try RequestTarget(parsing: "/v1/search")
      return try HTTPRequest(
        method: "POST", target: target, headers: headers, body: Array("{}".utf8)
      ).fields()
    }
    #expect(throws: Never.self) { try fields([:]) }
    #expect(throws: Never.self) { try fields(["Content-Type": "application/json"]) }
    #expect(throws: APIError.notJSON(contentType: "text/plain")) {
      try fields(["Content-Type": "text/plain"])
    }
  }

  @Test func bodyThatIsNoObjectIsRefused() throws {
    #expect(try items("[1]").map(\.detail) == ["found an array, expected an object"])
  }

  @Test func bodyThatIsNoJSONHasItsOffset() {
    #expect(
      throws: APIError.malformed(
        JSONSyntaxError(offset: 6, found: "the end of the text", expected: "a value"))
    ) { try RequestFields(body: Array(#"{"a": "#.utf8)) }
  }
}
