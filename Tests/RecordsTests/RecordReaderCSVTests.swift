import Records
import Testing

@Suite struct RecordReaderCSVTests {
  func read(_ text: String, _ options: RecordReader.Options = .init()) throws -> Contents {
    try ScratchFile(text, suffix: ".csv").read(options)
  }

  @Test func quotingFollowsRFC4180() throws {
    let contents = try read(
      "\"id\",smiles,\"text\"\r\n1,C,\"a, \"\"b\"\"\"\r\n2,\"\",\"line one\nline two\r\n\"\r\n3,C,\"\"\"\"\n"
    )
    #expect(contents.summary == ["1|C|a, \"b\"", "2|-|line one\nline two\r\n", "3|C|\""])
    #expect(contents.records.map(\.line) == [2, 3, 6])
    #expect(contents.rejects.isEmpty)
  }

  @Test func lastRowNeedsNoLineEnd() throws {
    #expect(try read("id,text\n1,\"x\"").summary == ["1|-|x"])
    #expect(try read("id,text\n1,").summary == ["1|-|-"])
  }

  @Test(arguments: [
    ("2,a\"b\"", "a quote inside a field that does not begin with one"),
    ("2,\"a\"b", "more characters behind a closing quote"),
  ])
  func wrongQuotingCostsOneLine(row: String, found: String) throws {
    let contents = try read("id,text\n1,x\n\(row)\n3,y\n")
    #expect(contents.summary == ["1|-|x", "3|-|y"])
    #expect(contents.rejects.map(\.reason) == ["expected quoting as in RFC 4180, found \(found)"])
    #expect(contents.rejects.map(\.raw) == [row])
  }

  @Test func quoteThatNeverClosesCostsOneLine() throws {
    let contents = try read("id,text\n1,x\n2,\"open\n3,y\n4,z\n")
    #expect(contents.summary == ["1|-|x", "3|-|y", "4|-|z"])
    #expect(contents.rejects.map(\.line) == [3])
    #expect(contents.rejects.map(\.found) == ["a quote that never closes"])
  }

  @Test func quotedRowOverTheLimitCostsItsFirstLine() throws {
    let contents = try read(
      "id,text\n1,\"\(String(repeating: "a\n", count: 20))\"\n2,y\n",
      .init(maximumRowBytes: 20))
    #expect(contents.summary == ["2|-|y"])
    #expect(contents.rejects.first?.raw == "1,\"a")
    #expect(contents.rejects.first?.found == "a row of more than 20 bytes")
  }

  @Test func extraColumnsAreProperties() throws {
    let contents = try read("id,text,Source Name\n1,x,\"a,b\"\n")
    #expect(contents.records.map(\.properties) == [["Source Name": "a,b"]])
  }
}
