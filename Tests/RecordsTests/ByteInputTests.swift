import Foundation
import Records
import Testing

@Suite struct ByteInputTests {
  /// `gzip.compress(b"id\tsmiles\n" + b"x\tCCO\n" * 300000, 9, mtime=0)` in Python 3.
  static let compressed = """
    H4sIAAAAAAACA+3EMQ0AIAwAsHvYmgBMwEEC1x7ko4OkPbpG1Fl7VruR2W3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b\
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm\
    3btm3btm3btm3btm3btm3btm3btm3btm3btj/+AbVXnctKdxsA
    """

  static func rows(_ count: Int) -> [UInt8] {
    Array("id\tsmiles\n".utf8) + (0..<count).flatMap { Array("\($0 &* 2_654_435_761)\tC\n".utf8) }
  }

  @Test func compressedFileReadsLikeThePlainOne() throws {
    let data = try #require(Data(base64Encoded: Self.compressed))
    let file = try ScratchFile(Array(data), suffix: ".tsv.gz")
    let reader = try RecordReader(path: file.path)
    #expect(reader.totalBytes == data.count)
    var count = 0
    while case .record(let record) = try reader.next() {
      count += 1
      #expect(record.id == "x" && record.smiles == "CCO" && record.line == count + 1)
    }
    #expect(count == 300_000)
    #expect(reader.bytesRead == data.count)
    #expect(reader.byteOffset == 10 + 6 * 300_000)
  }

  @Test func storedFileOfSeveralBlocksReadsLikeThePlainOne() throws {
    let bytes = Self.rows(40_000)
    let plain = try ScratchFile(bytes)
    let gzip = try ScratchFile(Gzip.stored(bytes), suffix: ".tsv.gz")
    #expect(bytes.count > 1 << 19)
    #expect(try gzip.read(blockBytes: 1000).records == plain.read(blockBytes: 1000).records)
  }

  @Test func membersFollowOneAnother() throws {
    let file = try ScratchFile(
      Gzip.stored(Array("id\tsmiles\n1\t".utf8)) + Gzip.stored([])
        + Gzip.stored(Array("C\n2\tN".utf8))
        + [0, 0, 0], suffix: ".gz")
    #expect(try file.read().summary == ["1|C|-", "2|N|-"])
  }

  @Test func gzipIsKnownByItsFirstBytesWhateverItsName() throws {
    let file = try ScratchFile(Gzip.stored(Array("id\tsmiles\n1\tC\n".utf8)), suffix: ".tsv")
    #expect(try file.read().summary == ["1|C|-"])
  }

  @Test func truncatedGzipSaysWhereAfterTheGoodRows() throws {
    let whole = Gzip.stored(Self.rows(1000))
    for length in [12, 500, whole.count - 8, whole.count - 1] {
      let file = try ScratchFile(Array(whole.prefix(length)), suffix: ".gz")
      let error = #expect(throws: RecordsError.self) { try file.read(blockBytes: 64) }
      #expect(error?.reason == .truncatedGzip && error?.byteOffset == length)
    }
    let file = try ScratchFile(Array(whole.prefix(500)), suffix: ".gz")
    let reader = try RecordReader(path: file.path, options: .init(), blockBytes: 64)
    var count = 0
    #expect(throws: RecordsError.self) { while try reader.next() != nil { count += 1 } }
    #expect(count > 20)
  }

  @Test func damagedGzipIsRefused() throws {
    var bytes = Gzip.stored(Self.rows(10))
    bytes[bytes.count - 8] ^= 1
    let checksum = try ScratchFile(bytes, suffix: ".gz")
    #expect(throws: RecordsError.self) { try checksum.read() }
    let trailing = try ScratchFile(
      Gzip.stored(Array("id\ttext\n1\tx\n".utf8)) + Array("more".utf8), suffix: ".gz")
    let error = #expect(throws: RecordsError.self) { try trailing.read() }
    #expect(error?.reason == .damagedGzip)
    #expect(error?.found == "other bytes behind the compressed data")
    let plain = try ScratchFile("id\ttext\n", suffix: ".gz")
    #expect(throws: RecordsError.self) { try plain.read() }
  }
}
