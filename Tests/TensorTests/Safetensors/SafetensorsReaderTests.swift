import Foundation
import Tensor
import Testing

struct SafetensorsReaderGoldenTests {
  @Test func fileOfTheIndependentWriterIsRead() throws {
    let file = try TemporaryFile(holding: SafetensorsSample.goldenBytes())
    let reader = try SafetensorsReader(path: file.path)
    #expect(reader.names == ["a.weight", "b.table", "c.keys", "d.empty"])
    #expect(reader.metadata == SafetensorsSample.metadata)
    #expect(
      try StoredTensor.float(reader.float("a.weight")) == SafetensorsSample.tensors["a.weight"])
    #expect(try StoredTensor.half(reader.half("b.table")) == SafetensorsSample.tensors["b.table"])
    #expect(
      try StoredTensor.unsigned(reader.unsigned("c.keys")) == SafetensorsSample.tensors["c.keys"])
    #expect(try StoredTensor.float(reader.float("d.empty")) == SafetensorsSample.tensors["d.empty"])
  }
}

struct SafetensorsReaderTests {
  /// The reason why a file of these bytes is refused.
  private func refusal(of file: TemporaryFile) -> SafetensorsError.Reason? {
    #expect(throws: SafetensorsError.self) { _ = try SafetensorsReader(path: file.path) }?.reason
  }

  private func entry(
    _ type: String = "F32", shape: String = "[1,1]", offsets: String = "[0,4]"
  ) -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test func missingFileIsReportedInTheSystemsWords() {
    #expect(refusal(of: TemporaryFile()) == .system("No such file or directory"))
  }

  @Test func folderIsNotAFile() {
    let error = #expect(throws: SafetensorsError.self) {
      _ = try SafetensorsReader(path: NSTemporaryDirectory())
    }
    #expect(error?.reason == .system("Is a directory"))
  }

  @Test(arguments: [0, 1, 7])
  func fileShorterThanItsLengthFieldIsTruncated(count: Int) throws {
    let file = try TemporaryFile(holding: [UInt8](repeating: 0, count: count))
    #expect(refusal(of: file) == .truncated(expected: 8, found: count))
  }

  @Test func truncatedHeaderNamesBothLengths() throws {
    let file = try TemporaryFile(holding: [200, 0, 0, 0, 0, 0, 0, 0, UInt8(ascii: "{")])
    #expect(refusal(of: file) == .truncated(expected: 208, found: 9))
  }

  @Test func truncatedDataNamesBothLengths() throws {
    let golden = try SafetensorsSample.goldenBytes()
    let file = try TemporaryFile(holding: golden.dropLast(1))
    #expect(
      refusal(of: file) == .truncated(expected: golden.count, found: golden.count - 1))
  }

  @Test func bytesAfterTheLastTensorAreRefused() throws {
    let golden = try SafetensorsSample.goldenBytes()
    let file = try TemporaryFile(holding: golden + [0])
    #expect(
      refusal(of: file) == .trailingBytes(expected: golden.count, found: golden.count + 1))
  }

  @Test(arguments: [UInt64(100_000_001), 1 << 63, .max])
  func hugeHeaderLengthIsRefusedBeforeItIsRead(length: UInt64) throws {
    let file = try TemporaryFile(
      holding: (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) })
    #expect(
      refusal(of: file)
        == .malformedHeader("length \(length) found, at most 100000000 expected"))
  }

  @Test(
    arguments: [
      "", "{", "[]", "null", "{\"a\":1}", "{\"a\":{\"dtype\":\"F32\"}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e30],\"data_offsets\":[0,4]}}",
      "{\"__metadata__\":{\"a\":1}}", String(repeating: "[", count: 5000),
      "{\"a\":" + String(repeating: "{\"a\":", count: 5000),
    ])
  func headerThatIsNotTheFormatsJSONIsRefused(header: String) throws {
    guard case .malformedHeader = refusal(of: try TemporaryFile(header: header)) else {
      Issue.record("accepted, or refused for another reason: \(header.prefix(60))")
      return
    }
  }

  @Test func headerThatIsNotUnicodeIsRefused() throws {
    let file = try TemporaryFile(holding: [4, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0x80, 0xc0])
    guard case .malformedHeader = refusal(of: file) else {
      Issue.record("accepted")
      return
    }
  }

  /// Entries that contradict themselves, with the words of the refusal.
  static let contradictions: [(entry: [String], words: String)] = [
    (["F99", "[1,1]", "[0,4]"], "element type 'F99' is unknown"),
    (["F32", "[-1,-4]", "[0,16]"], "shape [-1, -4]"),
    (["F32", "[4611686018427387904,4]", "[0,4]"], "shape [4611686018427387904, 4]"),
    (["F32", "[4611686018427387904]", "[0,4]"], "4 bytes for shape [4611686018427387904]"),
    (["F32", "[1,1]", "[0,8]"], "8 bytes for shape [1, 1]"),
    (["F32", "[1,1]", "[4,8]"], "data_offsets [4, 8] found, a start of 0 expected"),
    (["F32", "[1,1]", "[4,0]"], "data_offsets [4, 0] found, a start of 0 expected"),
    (["F32", "[1,1]", "[-4,0]"], "data_offsets [-4, 0] found, a start of 0 expected"),
    (["F32", "[1,1]", "[0]"], "data_offsets [0] found, a start of 0 expected"),
    (["F32", "[1,1]", "[]"], "data_offsets [] found, a start of 0 expected"),
    (
      ["U8", "[9223372036854775807]", "[0,9223372036854775807]"],
      "data_offsets [0, 9223372036854775807]"
    ),
  ]

  @Test(arguments: contradictions)
  func entryThatContradictsItselfIsRefused(parts: [String], words: String) throws {
    let file = try TemporaryFile(
      header: "{\"t\":\(entry(parts[0], shape: parts[1], offsets: parts[2]))}",
      data: [UInt8](repeating: 0, count: 4))
    #expect(refusal(of: file) == .malformedTensor(name: "t", words))
  }

  @Test func overlappingTensorsAreRefused() throws {
    let file = try TemporaryFile(
      header: "{\"a\":\(entry(shape: "[1,2]", offsets: "[0,8]")),\"b\":\(entry(offsets: "[4,8]"))}",
      data: [UInt8](repeating: 0, count: 8))
    #expect(
      refusal(of: file)
        == .malformedTensor(name: "b", "data_offsets [4, 8] found, a start of 8 expected"))
  }

  @Test func gapBetweenTensorsIsRefused() throws {
    let file = try TemporaryFile(
      header: "{\"a\":\(entry()),\"b\":\(entry(offsets: "[8,12]"))}",
      data: [UInt8](repeating: 0, count: 12))
    #expect(
      refusal(of: file)
        == .malformedTensor(name: "b", "data_offsets [8, 12] found, a start of 4 expected"))
  }

  @Test func missingTensorAndWrongTypeNameWhatWasExpected() throws {
    let file = try TemporaryFile(holding: SafetensorsSample.goldenBytes())
    let reader = try SafetensorsReader(path: file.path)
    func reason(_ read: () throws -> Void) -> SafetensorsError.Reason? {
      #expect(throws: SafetensorsError.self) { try read() }?.reason
    }
    #expect(
      reason { _ = try reader.float("nothing") }
        == .missingTensor(name: "nothing", expected: "F32, 2 dimensions"))
    #expect(
      reason { _ = try reader.float("b.table") }
        == .mismatchedTensor(
          name: "b.table", found: "F16, 2 dimensions", expected: "F32, 2 dimensions"))
    #expect(
      reason { _ = try reader.half("a.weight") }
        == .mismatchedTensor(
          name: "a.weight", found: "F32, 2 dimensions", expected: "F16, 2 dimensions"))
    #expect(
      reason { _ = try reader.unsigned("a.weight") }
        == .mismatchedTensor(
          name: "a.weight", found: "F32, 2 dimensions", expected: "U64, 1 dimensions"))
  }

  @Test func errorsAreSentencesThatNameTheFile() {
    let reasons: [SafetensorsError.Reason] = [
      .truncated(expected: 8, found: 3), .trailingBytes(expected: 3, found: 8),
      .malformedHeader("words"), .malformedTensor(name: "t", "words"),
      .missingTensor(name: "t", expected: "F32"),
      .mismatchedTensor(name: "t", found: "F16", expected: "F32"),
    ]
    for reason in reasons {
      #expect(SafetensorsError(path: "/p", reason: reason).description.hasPrefix("/p: "))
    }
  }
}

struct SafetensorsReaderPropertyTests {
  /// Changed, removed, inserted and doubled bytes: the reader answers or throws, never traps.
  @Test func mutatedFilesAreReadOrRefused() throws {
    let golden = try SafetensorsSample.goldenBytes()
    let headerEnd = golden.count - 60
    var source = RandomSource(seed: 20_26)
    var refused = 0
    for round in 0..<500 {
      var bytes = golden
      for _ in 0...Int(source.next() % 4) {
        // Most mutations hit the header, where the decisions are made.
        let reach = source.next() % 8 == 0 ? bytes.count : min(headerEnd, bytes.count)
        guard reach > 0 else { break }
        let place = Int(source.next() % UInt64(reach))
        switch source.next() % 5 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: source.next())
        case 1: bytes[place] ^= 1 << UInt8(source.next() % 8)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(UInt8(ascii: "0") + UInt8(source.next() % 10), at: place)
        default: bytes.removeLast(min(bytes.count, Int(source.next() % 16)))
        }
      }
      let file = try TemporaryFile(holding: bytes)
      do {
        let reader = try SafetensorsReader(path: file.path)
        for name in reader.names {
          _ = try? reader.float(name)
          _ = try? reader.half(name)
          _ = try? reader.unsigned(name)
        }
      } catch {
        #expect(!error.description.isEmpty, "round \(round)")
        refused += 1
      }
    }
    #expect(refused > 300)
  }
}
