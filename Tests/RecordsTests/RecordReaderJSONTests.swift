import Records
import Testing

@Suite struct RecordReaderJSONTests {
  func read(_ text: String) throws -> Contents {
    try ScratchFile(text, suffix: ".ndjson").read()
  }

  @Test func membersBecomeFieldsAndProperties() throws {
    let contents = try read(
      #" { "text" : "an \"acid\"\n", "id" : "a", "smiles":"C\/C=C\\C", "mass":-1.5e+3,"#
        + #""ok":true,"no":false,"gone":null,"set":[1, {"a":[]}], "name":"\u00e9\ud83d\ude00" } "#)
    #expect(contents.rejects.isEmpty)
    #expect(contents.summary == ["a|C/C=C\\C|an \"acid\"\n"])
    #expect(
      contents.records.first?.properties == [
        "mass": "-1.5e+3", "ok": "true", "no": "false", "set": "[1, {\"a\":[]}]", "name": "é😀",
      ])
  }

  @Test func numbersAreIdsAndNullIsAbsent() throws {
    let contents = try read("{\"id\":12,\"smiles\":null,\"text\":\"x\"}\r\n\n{\"id\":13}")
    #expect(contents.summary == ["12|-|x", "13|-|-"])
    #expect(contents.records.map(\.line) == [1, 3])
  }

  static let malformed: [(String, String)] = [
    ("[1]", "expected JSON with an object, found \"[\" at byte 0"),
    ("{", "expected JSON with a key, found the end of the row at byte 1"),
    ("{\"id\" 1}", "expected JSON with a colon, found \"1\" at byte 6"),
    ("{\"id\":}", "expected JSON with a value, found \"}\" at byte 6"),
    ("{\"id\":1,}", "expected JSON with a key, found \"}\" at byte 8"),
    ("{\"id\":1 2}", "expected JSON with a comma or }, found \"2\" at byte 8"),
    ("{\"id\":01}", "expected JSON with a comma or }, found \"1\" at byte 7"),
    ("{\"id\":1.}", "expected JSON with a digit, found \"}\" at byte 8"),
    ("{\"id\":nul}", "expected JSON with null, found \"}\" at byte 9"),
    ("{\"id\":\"a}", "expected JSON with a closing quote, found the end of the row at byte 9"),
    ("{\"id\":\"\\x\"}", "expected JSON with a known escape, found \"x\" at byte 8"),
    ("{\"id\":\"\\u12g4\"}", "expected JSON with four hexadecimal digits, found \"g\" at byte 11"),
    ("{\"id\":\"\\ud800\"}", "expected JSON with surrogates in pairs, found \"u\" at byte 8"),
    (
      "{\"id\":\"a\u{1}\"}",
      "expected JSON with control characters escaped, found the byte 0x1 at byte 8"
    ),
    ("{\"id\":1} x", "expected JSON with nothing behind the object, found \"x\" at byte 9"),
    ("{\"id\":1,\"id\":2}", "expected each key once, found this key again at byte 8"),
    ("{\"id\":[1]}", "expected a string or a number, found an array or object"),
    ("{\"id\":1,\"smiles\":5}", "expected a string, found a number"),
    ("{\"text\":\"x\"}", "expected a value, found none"),
  ]

  @Test(arguments: malformed)
  func malformedRowSaysWhere(row: String, reason: String) throws {
    let contents = try read("{\"id\":1}\n\(row)\n{\"id\":3}\n")
    #expect(contents.records.map(\.id) == ["1", "3"])
    #expect(contents.rejects.map(\.reason) == [reason])
    #expect(contents.rejects.map(\.line) == [2])
  }

  @Test func invalidUTF8IsRejected() throws {
    let file = try ScratchFile(
      Array("{\"id\":\"".utf8) + [0xC0] + Array("\"}\n".utf8), suffix: ".jsonl")
    #expect(
      try file.read().rejects.map(\.reason)
        == ["expected UTF-8, found other bytes in the string at byte 6"])
  }

  @Test func deepNestingIsRefusedWithoutOverflow() throws {
    let contents = try read(
      "{\"id\":1,\"a\":\(String(repeating: "[", count: 100_000))\n"
        + "{\"id\":2,\"a\":\(String(repeating: "[", count: 60))\(String(repeating: "]", count: 60))}\n"
    )
    #expect(contents.records.map(\.id) == ["2"])
    #expect(contents.rejects.first?.expected == "JSON with at most 64 nested values")
  }
}
