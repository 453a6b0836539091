import Records
import Testing

@Suite struct RejectedRecordTests {
  @Test func wrongColumnCountIsReportedAndPassedOver() throws {
    let contents = try ScratchFile("id\tsmiles\n1\tC\n2\n3\tC\tx\n4\tC").read()
    #expect(contents.summary == ["1|C|-", "4|C|-"])
    #expect(contents.rejects.map(\.line) == [3, 4])
    #expect(contents.rejects.map(\.byteOffset) == [14, 16])
    #expect(
      contents.rejects.map(\.reason) == [
        "expected 2 columns, found 1 column", "expected 2 columns, found 3 columns",
      ])
    #expect(contents.rejects.map(\.raw) == ["2", "3\tC\tx"])
  }

  @Test func invalidUTF8NamesFieldAndByte() throws {
    let file = try ScratchFile(Array("id\ttext\n1\tab".utf8) + [0xFF] + Array("c\n2\tx\n".utf8))
    let contents = try file.read()
    #expect(contents.summary == ["2|-|x"])
    let reject = try #require(contents.rejects.first)
    #expect(reject.file == file.path && reject.line == 2 && reject.field == "text")
    #expect(reject.reason == "expected UTF-8, found the byte 0xff at byte 2 of the field")
    #expect(reject.raw == "1\tab\u{FFFD}c")
  }

  @Test(arguments: [
    ("id\tsmiles\ttext\n\tC\tx\n", "id"),
    ("id\tsmiles\ttext\n1\t\tx\n", "smiles"),
    ("id\tsmiles\ttext\n1\tC\t\n", "text"),
  ])
  func missingRequiredFieldIsNamed(text: String, field: String) throws {
    let contents = try ScratchFile(text).read(.init(required: [.smiles, .text]))
    #expect(contents.records.isEmpty)
    #expect(contents.rejects.map(\.field) == [field])
    #expect(contents.rejects.map(\.reason) == ["expected a value, found none"])
  }

  @Test func fieldsThatAreNotRequiredMayBeEmpty() throws {
    #expect(try ScratchFile("id\tsmiles\ttext\n1\t\t\n").read().summary == ["1|-|-"])
  }

  @Test(arguments: [4, 16, 100, 4096])
  func overlongRowCostsOneRow(blockBytes: Int) throws {
    let file = try ScratchFile(
      "id\ttext\n1\tx\n2\t\(String(repeating: "y", count: 500))\n3\t\(String(repeating: "z", count: 18))\n"
    )
    let contents = try file.read(.init(maximumRowBytes: 20), blockBytes: blockBytes)
    #expect(contents.summary == ["1|-|x", "3|-|zzzzzzzzzzzzzzzzzz"])
    #expect(contents.rejects.map(\.line) == [3])
    #expect(
      contents.rejects.map(\.reason) == ["expected at most 20 bytes in a row, found 502 bytes"])
    #expect(contents.rejects.allSatisfy { $0.raw.hasPrefix("2\tyyy") })
    #expect(contents.records.map(\.byteOffset) == [8, 515])
  }

  @Test func rowOverSixteenMebibytesIsRejectedByDefault() throws {
    let long = [UInt8](repeating: UInt8(ascii: "C"), count: RecordReader.defaultMaximumRowBytes)
    let file = try ScratchFile(Array("id\tsmiles\n1\t".utf8) + long + Array("\n2\tC\n".utf8))
    let contents = try file.read(blockBytes: 1 << 20)
    #expect(contents.summary == ["2|C|-"])
    #expect(contents.rejects.map(\.raw.utf8.count) == [4096])
  }

  @Test func strictReadingThrowsAtTheFirstBadRow() throws {
    let file = try ScratchFile("id\tsmiles\n1\tC\n2\n")
    let reader = try RecordReader(path: file.path, options: .init(isStrict: true))
    _ = try reader.next()
    let error = #expect(throws: RecordsError.self) { try reader.next() }
    #expect(error?.reason == .badRow && error?.line == 3)
    #expect(
      error?.description == "\(file.path), line 3: expected 2 columns, found 1 column")
  }

  @Test(arguments: [
    ("short", 5), (String(repeating: "x", count: 4096), 4096),
    (String(repeating: "x", count: 4097), 4096),
    // Three bytes a character: 1,365 of them fit.
    (String(repeating: "☃", count: 2000), 4095),
    // One grapheme of many scalars is cut between scalars.
    ("e" + String(repeating: "\u{301}", count: 3000), 4095),
  ])
  func rawIsCutToWholeScalars(raw: String, bytes: Int) {
    let row = RejectedRecord(
      file: "f", line: 1, byteOffset: 0, field: nil, found: "a", expected: "b", raw: raw)
    #expect(row.raw.utf8.count == bytes)
    #expect(Array(raw.utf8).starts(with: Array(row.raw.utf8)))
  }
}
