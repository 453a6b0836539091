import Records
import Testing

@Suite struct StructureReaderTests {
  private static let molfile = "name\n  Ligature          2D\n\n  0  0  0  0  0  0 V2000\nM  END\n"

  private func read(
    _ text: String, suffix: String = ".sdf", blockBytes: Int = 7, limit: Int = 1 << 20
  ) throws -> [StructureRecord] {
    let file = try ScratchFile(text, suffix: suffix)
    let reader = try StructureReader(
      path: file.path, maximumRecordBytes: limit, blockBytes: blockBytes)
    var records: [StructureRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test(arguments: [4, 7, 64, 1 << 16], ["\n", "\r\n"])
  func recordsCarryTheirItems(blockBytes: Int, lineEnd: String) throws {
    let text =
      Self.molfile + "> <A>\n1\n2\n\n>  25 <B C> (7)\nx\n\n$$$$\n" + Self.molfile + "$$$$\n"
    let records = try read(
      text.replacing("\n", with: lineEnd), blockBytes: blockBytes)
    #expect(records.map(\.number) == [1, 2])
    #expect(records.map(\.line) == [1, 14])
    #expect(records[0].items == [.init(name: "A", value: "1\n2"), .init(name: "B C", value: "x")])
    #expect(records[1].items.isEmpty)
    #expect(records.allSatisfy { $0.molfile == Array(Self.molfile.utf8) && $0.problem == nil })
  }

  @Test func lastSeparatorMayBeMissing() throws {
    #expect(try read(Self.molfile + "$$$$\n" + Self.molfile).count == 2)
    #expect(try read(Self.molfile + "> <A>\n1").first?.items.first?.value == "1")
    #expect(try read(Self.molfile + "$$$$\n\n\n").count == 1)
  }

  @Test func strayTextIsAProblemOfItsRecordOnly() throws {
    let records = try read(Self.molfile + "oops\n$$$$\n" + Self.molfile + "$$$$\n")
    #expect(records[0].problem?.description == "expected a data item or $$$$, found 'oops'")
    #expect(records[1].problem == nil)
  }

  @Test func tooLongRecordIsPassedOver() throws {
    let long = Self.molfile + "> <A>\n" + String(repeating: "x\n", count: 200) + "\n$$$$\n"
    let records = try read(long + Self.molfile + "$$$$\n", limit: 200)
    #expect(records.map { $0.problem == nil } == [false, true])
    #expect(records[1].line == 209)
  }

  @Test func gzipIsInflated() throws {
    let file = try ScratchFile(
      Gzip.stored(Array((Self.molfile + "$$$$\n").utf8)), suffix: ".sdf.gz")
    let reader = try StructureReader(path: file.path)
    #expect(try reader.next()?.molfile == Array(Self.molfile.utf8))
    #expect(try reader.next() == nil)
  }

  @Test func writtenItemsAreReadBack() throws {
    var text = Array(Self.molfile.utf8)
    StructureRecord.Item(name: "A>B\n", value: "1\n\n2\r\n3").write(to: &text)
    text += StructureRecord.end
    let records = try read(String(decoding: text, as: UTF8.self))
    #expect(records.map(\.items) == [[.init(name: "AB", value: "1\n2\n3")]])
  }
}
