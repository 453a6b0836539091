import Foundation
import Glibc
import Records
import Testing

@Suite struct RecordReaderTests {
  @Test(arguments: [4, 5, 7, 64, 1 << 20])
  func tsvColumnsComeInAnyOrder(blockBytes: Int) throws {
    let file = try ScratchFile("text\tmass\tid\tSMILES\nan acid\t12.5\ta1\tC(=O)O\n\t\tb\tC\n")
    let contents = try file.read(blockBytes: blockBytes)
    #expect(contents.summary == ["a1|C(=O)O|an acid", "b|C|-"])
    #expect(contents.records.map(\.properties) == [["mass": "12.5"], [:]])
    #expect(contents.records.map(\.line) == [2, 3])
    #expect(contents.records.map(\.byteOffset) == [20, 43])
    #expect(contents.rejects.isEmpty)
  }

  @Test func lineEndsByteOrderMarkAndEmptyLinesDoNotMatter() throws {
    let plain = try ScratchFile("id\tsmiles\n1\tC\n2\tCC\n")
    let other = try ScratchFile("\u{FEFF}\r\n\r\nid\tsmiles\r\n1\tC\r\n\r\n2\tCC")
    #expect(try other.read().summary == plain.read().summary)
    #expect(try other.read().records.map(\.line) == [4, 6])
    #expect(try other.read().rejects.isEmpty)
  }

  @Test func headerAloneHasNoRecords() throws {
    #expect(try ScratchFile("id\tsmiles").read().records.isEmpty)
  }

  @Test func tsvLeavesBackslashesAndQuotesAlone() throws {
    let file = try ScratchFile("id\tsmiles\n\"1\"\tC/C=C\\\\C\n")
    #expect(try file.read().summary == ["\"1\"|C/C=C\\\\C|-"])
  }

  @Test(arguments: [".txt", ".tsv", ""])
  func chebi20HeaderHalvesBackslashesOfSmilesOnly(suffix: String) throws {
    let file = try ScratchFile(
      "CID\tSMILES\tdescription\n7\tC/C=C\\\\C\\N\ta \\\\ b\n", suffix: suffix)
    let reader = try RecordReader(path: file.path)
    #expect(reader.format == .chebi20)
    #expect(try file.read().summary == ["7|C/C=C\\C\\N|a \\\\ b"])
  }

  @Test(arguments: [
    ("a.csv", ".csv", "id,text\n1,x\n", RecordFormat.csv),
    ("comma", ".txt", "id,text\n1,x\n", .csv),
    ("tab", ".txt", "id\ttext\n1\tx\n", .tsv),
    ("brace", ".txt", "{\"id\":1,\"text\":\"x\"}\n", .ndjson),
    ("ndjson", ".ndjson", "{\"id\":1,\"text\":\"x\"}\n", .ndjson),
    ("jsonl", ".JSONL", "{\"id\":1,\"text\":\"x\"}\n", .ndjson),
  ])
  func formatIsToldByExtensionAndFirstLine(
    name: String, suffix: String, text: String, format: RecordFormat
  ) throws {
    let file = try ScratchFile(text, suffix: suffix)
    #expect(try RecordReader(path: file.path).format == format)
    #expect(try file.read().summary == ["1|-|x"])
  }

  @Test func chosenFormatOverridesTheExtension() throws {
    let file = try ScratchFile("id,text\n1,x\n", suffix: ".tsv")
    #expect(try file.read(.init(format: .csv)).summary == ["1|-|x"])
  }

  @Test func progressReachesTheSizeOfThePlainFile() throws {
    let text = "id\tsmiles\n1\tC\n2\tCC\n"
    let file = try ScratchFile(text)
    let reader = try RecordReader(path: file.path)
    #expect(reader.totalBytes == text.utf8.count)
    #expect(reader.bytesRead == 10)
    _ = try reader.next()
    #expect(reader.bytesRead == 14 && reader.byteOffset == 14 && reader.nextLine == 3)
    while try reader.next() != nil {}
    #expect(reader.bytesRead == text.utf8.count)
    #expect(reader.recordCount == 2)
    #expect(try reader.next() == nil)
  }

  @Test(arguments: RecordFormat.allCases, [false, true])
  func readingResumesAtAnyLine(format: RecordFormat, isGzip: Bool) throws {
    let header: String
    switch format {
    case .tsv: header = "id\ttext\n"
    case .chebi20: header = "CID\tSMILES\tdescription\n"
    case .csv: header = "id,text\n"
    case .ndjson, .smi, .sdf: header = ""
    }
    let rows = (0..<20).map { row in
      switch format {
      case .tsv: "\(row)\tx\n"
      case .chebi20: "\(row)\tC\tx\n"
      case .csv: row % 3 == 0 ? "\(row),\"x\n\ny\"\n" : "\(row),x\n"
      case .ndjson: "{\"id\":\(row),\"text\":\"x\"}\n"
      case .smi: row % 3 == 0 ? "# note\nC \(row)\n" : "C \(row)\n"
      case .sdf: "\(row)\n\n\n  0  0  0  0  0  0 V2000\nM  END\n$$$$\n"
      }
    }
    let bytes = Array((header + rows.joined()).utf8)
    let file = try ScratchFile(
      isGzip ? Gzip.stored(bytes) : bytes, suffix: ".\(format)" + (isGzip ? ".gz" : ""))
    let whole = try file.read().records
    #expect(whole.count == 20)
    let reader = try RecordReader(path: file.path)
    for taken in 0...20 {
      let rest = try file.read(.init(resumingAt: reader.nextLine)).records
      #expect(rest == Array(whole.dropFirst(taken)))
      _ = try reader.next()
    }
  }

  @Test func standardInputIsReadOnDash() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("id\ttext\n1\tx\n".utf8))
    try pipe.fileHandleForWriting.close()
    let saved = dup(STDIN_FILENO)
    dup2(pipe.fileHandleForReading.fileDescriptor, STDIN_FILENO)
    defer {
      dup2(saved, STDIN_FILENO)
      close(saved)
    }
    let reader = try RecordReader(path: "-")
    #expect(reader.totalBytes == nil)
    guard case .record(let record) = try reader.next() else {
      Issue.record("no record")
      return
    }
    #expect(record.id == "1" && record.text == "x")
    #expect(try reader.next() == nil)
  }
}

@Suite struct RecordReaderPropertyTests {
  /// Random TSV, some of it broken, read with every block size from 4 to 40 bytes.
  @Test func blockSizeNeverChangesWhatIsRead() throws {
    var random = SplitMix64(state: 7)
    let alphabet = Array("ab\t\t\n\n\r\"\\,{}é".utf8)
    for format in RecordFormat.allCases + RecordFormat.allCases + [.csv, .csv, .csv] {
      let noise = (0..<300).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      let header =
        format == .chebi20
        ? "CID\tSMILES\tdescription\n"
        : format == .csv ? "id,text\n" : format == .tsv ? "id\ttext\n" : ""
      let file = try ScratchFile(Array(header.utf8) + noise + [0x61])
      let options = RecordReader.Options(format: format, maximumRowBytes: 60)
      let reference = try file.read(options, blockBytes: 4096)
      for blockBytes in 4...40 {
        let contents = try file.read(options, blockBytes: blockBytes)
        #expect(contents.records == reference.records, "\(noise)")
        #expect(contents.rejects == reference.rejects, "\(noise)")
      }
    }
  }
}

private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
