import Foundation
import Retrieval
import Tensor
import Testing

@Suite struct IndexSnapshotTests {
  private static let header = Array("a model's checksum".utf8)

  private func folder() throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(path: "snapshot-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }

  private func exact(
    rows: Int = 3_000, columns: Int = 17, precision: VectorPrecision = .half
  ) throws -> ExactIndex {
    let vectors = MaskedSearchTests.clustered(rows: rows, columns: columns, seed: 3)
    return try ExactIndex(
      ids: (0..<rows).map { Int64($0 * 3 - 7) },
      vectors: StoredVectors(rounding: vectors, to: precision))
  }

  private func answers(_ index: any VectorIndex) -> [[SearchHit]] {
    index.search(
      queries: MaskedSearchTests.clustered(rows: 4, columns: index.dimension, seed: 5), count: 9)
  }

  @Test(arguments: VectorPrecision.allCases)
  func whatIsReadIsWhatWasWritten(precision: VectorPrecision) throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let exact = try exact(precision: precision)
    let walked = precision == .half ? [GraphIndex(exact)] : []
    let coded = CodeBits.allCases.map {
      CodedIndex(exact, configuration: CodedConfiguration(bits: $0))
    }
    for index in [exact] + coded + walked as [any VectorIndex] {
      let path = folder + "/index"
      try IndexSnapshot.write(index, header: Self.header, to: path)
      let (found, header) = try IndexSnapshot.read(path)
      #expect(header == Self.header)
      #expect(try IndexSnapshot.header(of: path) == Self.header)
      #expect(found.kind == index.kind && found.ids == index.ids)
      #expect(found.vectors == index.vectors && found.recall == index.recall)
      #expect(answers(found) == answers(index))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["index"])
    }
  }

  @Test func anUpdatedIndexIsWrittenCompacted() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let index = try UpdatableIndex(exact()).removing(ids: [-7, -4]).adding(
      ids: [1_000_000], vectors: HalfMatrix(rounding: Matrix(rows: 1, columns: 17, repeating: 3)))
    try IndexSnapshot.write(index, header: [], to: folder + "/index")
    let found = try IndexSnapshot.read(folder + "/index").index
    #expect(found.count == 2_999)
    #expect(answers(found) == answers(index))
  }

  @Test func anEmptyIndexIsKept() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let empty = try exact(rows: 0)
    for index in [empty, CodedIndex(empty), GraphIndex(empty)] as [any VectorIndex] {
      try IndexSnapshot.write(index, header: [], to: folder + "/index")
      #expect(try IndexSnapshot.read(folder + "/index").index.count == 0)
    }
  }

  @Test func aChangeAnywhereIsRefused() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/index"
    try IndexSnapshot.write(CodedIndex(try exact(rows: 40)), header: Self.header, to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let places = Array(0..<64) + Array(stride(from: 64, to: whole.count, by: 211))
    for place in places + [whole.count - 1] {
      var changed = whole
      changed[place] ^= 0x10
      try changed.write(to: URL(fileURLWithPath: path))
      #expect(throws: SnapshotError.self, "byte \(place)") { try IndexSnapshot.read(path) }
    }
  }

  @Test func aShorterOrLongerFileIsRefused() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/index"
    try IndexSnapshot.write(CodedIndex(try exact(rows: 40)), header: Self.header, to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let lengths = Array(0..<32) + Array(stride(from: 32, to: whole.count, by: 997))
    for length in lengths + [whole.count - 1] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: SnapshotError.self, "\(length) bytes") { try IndexSnapshot.read(path) }
    }
    try (whole + [0]).write(to: URL(fileURLWithPath: path))
    let longer = SnapshotError(
      path: path, reason: .length(found: whole.count + 1, expected: whole.count))
    #expect(throws: longer) { try IndexSnapshot.read(path) }
  }

  @Test func anotherFormatIsNamed() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/index"
    try IndexSnapshot.write(try exact(rows: 4), header: [], to: path)
    var changed = try Data(contentsOf: URL(fileURLWithPath: path))
    changed[8] = 3
    try changed.write(to: URL(fileURLWithPath: path))
    #expect(throws: SnapshotError(path: path, reason: .newerFormat(found: 3))) {
      try IndexSnapshot.read(path)
    }
    changed[8] = 1
    try changed.write(to: URL(fileURLWithPath: path))
    #expect(throws: SnapshotError(path: path, reason: .olderFormat(found: 1))) {
      try IndexSnapshot.read(path)
    }
  }

  @Test func aMissingFileIsNamed() {
    let missing = SnapshotError(
      path: "/nowhere/index", reason: .system("No such file or directory"))
    #expect(throws: missing) { try IndexSnapshot.read("/nowhere/index") }
  }

  @Test func bothPathsGiveThePublishedChecksum() {
    let digits = Array("123456789".utf8)
    #expect(BlockChecksums.whole(digits) == 0xe306_9283)
    for count in [0, 1, 7, 8, 9, 1_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
      #expect(BlockChecksums.whole(bytes) == BlockChecksums.wholePortable(bytes))
    }
  }
}
