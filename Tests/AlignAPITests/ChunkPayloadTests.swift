import Records
import Testing

@testable import AlignAPI

@Suite struct ChunkPayloadTests {
  private static let rows: [RecordOutcome] = [
    .record(
      Record(
        id: "é", smiles: nil, molfile: [0, 255, 10], text: "", properties: ["a": "", "b": "x\ny"],
        line: 300, byteOffset: 1 << 40)),
    .record(
      Record(id: "b", smiles: "CC", text: nil, properties: [:], line: 301, byteOffset: 0)),
    .rejected(
      RejectedRecord(
        file: "f", line: 302, byteOffset: 5, field: nil, found: "x", expected: "y", raw: "\0")),
  ]

  @Test(
    arguments: [.rows([]), .rows(rows), .items([]), .items([1, 127, 128, .max])] as [ChunkPayload])
  func whatIsWrittenIsRead(payload: ChunkPayload) throws {
    #expect(try ChunkPayload(payload.bytes, path: "f") == payload)
  }

  @Test func everyTruncationIsNoticed() throws {
    let bytes = ChunkPayload.rows(Self.rows).bytes
    for count in 0..<bytes.count {
      #expect(throws: IndexError.damagedChunk) {
        try ChunkPayload(Array(bytes.prefix(count)), path: "f")
      }
    }
  }
}
