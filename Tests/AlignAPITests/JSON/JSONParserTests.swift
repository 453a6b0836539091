import Testing

@testable import AlignAPI

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(JSONSyntaxError) -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8))
  }

  @Test func everyKindOfValueIsRead() throws {
    let found = try parse(" {\"a\": [1, -2.5e+3, true, false, null], \"b\": \"c\"} \n")
    #expect(
      found
        == .object([
          .init(
            name: "a",
            value: .array([
              .number("1"), .number("-2.5e+3"), .boolean(true), .boolean(false), .null,
            ])),
          .init(name: "b", value: .string("c")),
        ]))
  }

  @Test func escapesBecomeTheirCharacters() throws {
    #expect(
      try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 é""#)
        == .string("\"\\/\u{08}\u{0c}\n\r\té😀 é"))
  }

  @Test(arguments: [
    ("", 0), ("   ", 3), ("{", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7),
    ("{a:1}", 1), ("{'a':1}", 1), ("[1 2]", 3), ("[1,]", 3), ("[01]", 2), ("[.5]", 1),
    ("[1.]", 3), ("[1e]", 3), ("[-]", 2), ("[+1]", 1), ("nul", 3), ("NaN", 0), ("{} {}", 3),
    ("\"abc", 4), ("\"a\nb\"", 2), ("\"\\x\"", 2), ("\"\\u12g4\"", 5), ("\"\\ud800\"", 1),
    ("\"\\ud800\\u0041\"", 1), ("{\"text\": \"x\"", 12), ("// no", 0), ("[1}", 2),
  ])
  func mistakesAreFoundAtTheirByte(text: String, offset: Int) {
    let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
    #expect(error?.offset == offset)
  }

  @Test func offsetsCountBytesNotCharacters() {
    let error = #expect(throws: JSONSyntaxError.self) { try parse("\"é\" x") }
    #expect(error?.offset == 5)
    #expect(error?.description == "byte 5: found 'x', expected the end of the text")
  }

  @Test func bytesThatAreNotUTF8AreRefusedWhereTheirStringBegins() {
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONDocument(parsing: Array("[\"a".utf8) + [0xff] + Array("\"]".utf8))
    }
    #expect(error?.offset == 1)
  }

  @Test func deepNestingIsRefusedInsteadOfOverflowingTheStack() throws {
    let limit = JSONParser.maximumDepth
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    _ = try parse(deepest)
    let error = #expect(throws: JSONSyntaxError.self) {
      try parse(String(repeating: "[", count: 100_000))
    }
    #expect(error?.offset == limit)
  }

  @Test func everyPrefixOfADocumentIsRefusedAtItsEnd() {
    let whole = #"{"text": "a\u00e9", "vector": [1.5e-3, true], "corpus": null}"#
    for length in 0..<whole.utf8.count {
      let prefix = Array(whole.utf8.prefix(length))
      let error = #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: prefix) }
      #expect(error?.offset == length)
    }
  }
}
