import Foundation
import Tensor
import Testing

/// The tensors of scripts/golden/tensor_safetensors.py.
enum SafetensorsSample {
  static var tensors: [String: StoredTensor] {
    [
      "a.weight": .float(
        Matrix(rows: 2, columns: 3, values: [1.5, -2, 0.25, 3e-8, 1e30, -0.0])),
      "b.table": .half(
        HalfMatrix(
          rows: 3, columns: 2,
          bits: ([1, -0.5, 65504, 6e-8, 0, .infinity] as [Float16]).map(\.bitPattern))),
      "c.keys": .unsigned([0, 1, .max]),
      "d.empty": .float(Matrix(rows: 0, columns: 4)),
    ]
  }
  static let metadata = ["format": "ligature", "version": "1"]

  static func goldenBytes() throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: SafetensorsGolden.file)))
  }
}

struct SafetensorsWriterGoldenTests {
  @Test func bytesAreThoseOfTheIndependentWriter() throws {
    let file = TemporaryFile()
    try SafetensorsWriter.write(
      SafetensorsSample.tensors, metadata: SafetensorsSample.metadata, to: file.path)
    #expect(try file.bytes() == SafetensorsSample.goldenBytes())
  }
}

struct SafetensorsWriterTests {
  @Test func largeTensorsAndOddNamesSurviveTheRoundTrip() throws {
    let matrix = Matrix.random(301, 97, seed: 1)
    let half = HalfMatrix(rounding: .random(17, 33, seed: 2))
    let name = "moléculе/\"quoted\" \\ back\nline"
    let file = TemporaryFile()
    try SafetensorsWriter.write(
      [name: .float(matrix), "h": .half(half), "u": .unsigned([])],
      metadata: ["a/b": "c\td"], to: file.path)
    let reader = try SafetensorsReader(path: file.path)
    #expect(try reader.float(name) == matrix)
    #expect(try reader.half("h") == half)
    #expect(try reader.unsigned("u") == [])
    #expect(reader.metadata == ["a/b": "c\td"])
  }

  @Test func byteRowsSurviveTheRoundTripWithTheirScales() throws {
    let matrix = ByteMatrix(rounding: .random(13, 7, seed: 3))
    var tensors: [String: StoredTensor] = ["z": .float(.random(2, 3, seed: 4))]
    tensors.add(matrix, named: "table")
    let file = TemporaryFile()
    try SafetensorsWriter.write(tensors, to: file.path)
    let reader = try SafetensorsReader(path: file.path)
    #expect(reader.names == ["table", "table.scale", "z"])
    #expect(try reader.byte("table") == matrix)
    #expect(try .float(reader.float("z")) == tensors["z"])
  }

  @Test func byteRowsWithoutTheirScalesAreRefused() throws {
    let rows = StoredTensor.signed([1, -127, 0, 5], rows: 2, columns: 2)
    func reason(_ scales: StoredTensor?) throws -> SafetensorsError.Reason? {
      let file = TemporaryFile()
      try SafetensorsWriter.write(
        scales.map { ["t": rows, "t.scale": $0] } ?? ["t": rows], to: file.path)
      let reader = try SafetensorsReader(path: file.path)
      return #expect(throws: SafetensorsError.self) { try reader.byte("t") }?.reason
    }
    #expect(try reason(nil) == .missingTensor(name: "t.scale", expected: "F32, 2 dimensions"))
    #expect(
      try reason(.float(Matrix(rows: 3, columns: 1)))
        == .mismatchedTensor(name: "t.scale", found: "[3, 1]", expected: "[2, 1]"))
    #expect(
      try reason(.unsigned([1, 1]))
        == .mismatchedTensor(
          name: "t.scale", found: "U64, 1 dimensions", expected: "F32, 2 dimensions"))
  }

  @Test func dataStartsAtAMultipleOfEightBytes() throws {
    for length in 1...9 {
      let file = TemporaryFile()
      try SafetensorsWriter.write(
        [String(repeating: "x", count: length): .unsigned([7])], to: file.path)
      #expect(try file.bytes().count % 8 == 0)
    }
  }

  @Test func noTensorsMakeAValidFile() throws {
    let file = TemporaryFile()
    try SafetensorsWriter.write([:], to: file.path)
    #expect(try SafetensorsReader(path: file.path).names.isEmpty)
  }

  @Test func folderThatDoesNotExistIsReportedInTheSystemsWords() {
    let path = "/nonexistent-folder/weights.safetensors"
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsWriter.write(SafetensorsSample.tensors, to: path)
    }
    #expect(
      error == SafetensorsError(path: path, reason: .system("No such file or directory")))
    #expect(error?.description == "\(path): No such file or directory")
  }
}
