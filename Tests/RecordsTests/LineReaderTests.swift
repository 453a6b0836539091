import Records
import Testing

@Suite struct LineReaderTests {
  @Test(arguments: [4, 7, 1 << 16])
  func everyLineComesWithItsNumber(blockBytes: Int) throws {
    let file = try ScratchFile("C a\n\r\nCC\tb\r\nCCC", suffix: ".smi")
    let reader = try LineReader(
      path: file.path, maximumLineBytes: 1 << 16, blockBytes: blockBytes)
    var lines: [LineReader.Line] = []
    while let line = try reader.next() { lines.append(line) }
    #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["C a", "", "CC\tb", "CCC"])
    #expect(lines.map(\.number) == [1, 2, 3, 4])
    #expect(lines.map(\.byteOffset) == [0, 4, 6, 12])
    #expect(reader.bytesRead == 15)
  }

  @Test func longLineIsCutAndTold() throws {
    let file = try ScratchFile(String(repeating: "C", count: 100) + "\nN\n", suffix: ".smi")
    let reader = try LineReader(path: file.path, maximumLineBytes: 50, blockBytes: 16)
    let first = try reader.next()
    #expect(first?.problem?.description == "expected at most 50 bytes in a row, found 100 bytes")
    #expect(try reader.next()?.bytes == Array("N".utf8))
    #expect(try reader.next() == nil)
  }
}
