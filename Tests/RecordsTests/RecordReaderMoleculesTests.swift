import Records
import Testing

@Suite struct RecordReaderMoleculesTests {
  @Test(arguments: [4, 7, 1 << 16])
  func smilesLinesHaveIDsBehindWhiteSpace(blockBytes: Int) throws {
    let text = "CCO ethanol\n# a comment\n\nCC\tan id\t\r\n  C  \n[CH3] |^1:0| methyl\nC |^1:0|\n"
    let file = try ScratchFile(text, suffix: ".smi")
    let contents = try file.read(blockBytes: blockBytes)
    #expect(
      contents.summary == [
        "ethanol|CCO|-", "an id|CC|-", "line 5|C|-", "methyl|[CH3] |^1:0||-", "line 7|C |^1:0||-",
      ])
    #expect(contents.records.map(\.line) == [1, 4, 5, 6, 7])
    #expect(contents.rejects.isEmpty)
  }

  @Test func smilesLineThatIsNotUTF8IsRejected() throws {
    let file = try ScratchFile(
      Array("C ".utf8) + [0xff, 10] + Array("CC b\n".utf8), suffix: ".smi")
    let contents = try file.read()
    #expect(contents.summary == ["b|CC|-"])
    #expect(contents.rejects.map(\.field) == ["id"])
  }

  private static func molfile(_ title: String) -> String {
    "\(title)\n  Ligature          2D\n\n  0  0  0  0  0  0 V2000\nM  END\n"
  }

  @Test(arguments: [4, 7, 1 << 16])
  func structuresHaveTheirTitleOrAnItemForID(blockBytes: Int) throws {
    let text =
      Self.molfile("first") + "> <mass>\n1.5\n\n> <Text>\na note\n\n$$$$\n" + Self.molfile("")
      + "> <CAS_ID>\nx7\n\n$$$$\n" + Self.molfile("") + "> <ID>\n9\n\n> <a_id>\n8\n\n$$$$\n"
      + Self.molfile("  ")
    let file = try ScratchFile(text, suffix: ".sdf")
    let contents = try file.read(blockBytes: blockBytes)
    #expect(contents.records.map(\.id) == ["first", "x7", "9", "line 34"])
    #expect(contents.records.map(\.text) == ["a note", nil, nil, nil])
    #expect(contents.records[0].properties == ["mass": "1.5"])
    #expect(contents.records.map(\.line) == [1, 13, 22, 34])
    #expect(contents.records[0].molfile == Array(Self.molfile("first").utf8))
    #expect(contents.records.allSatisfy { $0.smiles == nil })
  }

  @Test func badStructureIsRejectedAlone() throws {
    let text = Self.molfile("a") + "oops\n$$$$\n" + Self.molfile("b") + "$$$$\n"
    let contents = try ScratchFile(text, suffix: ".sdf").read()
    #expect(contents.records.map(\.id) == ["b"])
    #expect(contents.rejects.map(\.raw) == ["a"])
    #expect(contents.rejects.first?.reason == "expected a data item or $$$$, found 'oops'")
  }

  @Test func statedFormatOverridesTheName() throws {
    let file = try ScratchFile("C methane\n", suffix: ".txt")
    #expect(try file.read(.init(format: .smi)).summary == ["methane|C|-"])
    #expect(try RecordReader(path: file.path, options: .init(format: .sdf)).format == .sdf)
  }
}
