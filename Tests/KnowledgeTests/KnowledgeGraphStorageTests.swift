import Digest
import Foundation
import Knowledge
import Testing

struct KnowledgeGraphStorageTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private var file: String { scratch.path + "/g/" + KnowledgeGraph.fileName }

  private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file))) }

  private func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file))
  }

  private func failure() -> KnowledgeError? {
    do throws(KnowledgeError) {
      _ = try KnowledgeGraph.read(fromFolder: scratch.path + "/g")
      return nil
    } catch {
      return error
    }
  }

  @Test func graphSurvivesWritingAndReading() throws {
    let graph = KnowledgeGraph(
      terms: SmallGraph.terms, relations: SmallGraph.graph.relations,
      edges: SmallGraph.graph.edges,
      sources: [KnowledgeGraph.Source(name: "terms.tsv", digest: SHA256Digest.of(utf8: "x"))])
    let checksum = try graph.write(toFolder: scratch.path + "/g")
    let read = try KnowledgeGraph.read(fromFolder: scratch.path + "/g")
    #expect(read.graph.terms == graph.terms)
    #expect(read.graph.edges == graph.edges)
    #expect(read.graph.relations == graph.relations)
    #expect(read.graph.sources == graph.sources)
    #expect(read.checksum == checksum)
    // Writing again replaces the file, with the same bytes.
    let before = try bytes()
    try read.graph.write(toFolder: scratch.path + "/g")
    #expect(try bytes() == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/g")
    #expect(names == [KnowledgeGraph.fileName])
  }

  @Test func absentGraphIsSaid() {
    #expect(failure()?.reason == .notFound)
  }

  @Test func everyTruncationIsRefused() throws {
    try SmallGraph.graph.write(toFolder: scratch.path + "/g")
    let whole = try bytes()
    for count in whole.indices {
      try write(Array(whole[..<count]))
      switch failure()?.reason {
      case .wrongSize(let expected, let found)?:
        #expect(found == count)
        #expect(expected == (count < 52 ? 52 : whole.count))
      case .notAGraph?: #expect(count == 0)
      case let other: Issue.record("\(count) bytes: \(String(describing: other))")
      }
    }
    try write(whole + [0])
    #expect(failure()?.reason == .wrongSize(expected: whole.count, found: whole.count + 1))
  }

  @Test func everyFlippedByteIsRefused() throws {
    try SmallGraph.graph.write(toFolder: scratch.path + "/g")
    let whole = try bytes()
    for index in whole.indices {
      var damaged = whole
      damaged[index] ^= 0x10
      try write(damaged)
      #expect(failure() != nil, "byte \(index)")
      if index >= 20, case .checksumMismatch? = failure()?.reason { continue }
      #expect(index < 20, "byte \(index): \(String(describing: failure()))")
    }
  }

  @Test func newerFormatIsRefusedByName() throws {
    try SmallGraph.graph.write(toFolder: scratch.path + "/g")
    var newer = try bytes()
    newer[8] = 9
    try write(newer)
    #expect(failure()?.reason == .newerFormat(found: 9, supported: 1))
    #expect(failure()?.description.contains("a newer Ligature wrote it") == true)
  }

  @Test func otherFilesAreNotGraphs() throws {
    try SmallGraph.graph.write(toFolder: scratch.path + "/g")
    try write(Array("id\tname\n".utf8) + [UInt8](repeating: 65, count: 100))
    #expect(failure()?.reason == .notAGraph)
  }

  /// A right checksum over wrong content, as no writer makes it.
  @Test func contentThatContradictsItselfIsRefused() throws {
    try SmallGraph.graph.write(toFolder: scratch.path + "/g")
    let whole = try bytes()
    for content: [UInt8] in [
      [], [0, 0], [0, 0, 1, 1, 65], [0, 0, 0, 7], [0, 0, 1, 0, 0, 0, 0, 0, 0], [0xFF, 0xFF, 3],
      [0, 1, 1, 65, 1, 1, 65, 1, 66, 0, 0, 0, 1, 0, 9],
    ] {
      var header = Array(whole[..<20])
      for place in 0..<8 { header[12 + place] = place == 0 ? UInt8(content.count) : 0 }
      try write(header + SHA256Digest.of(bytes: header + content).bytes + content)
      guard case .malformed? = failure()?.reason else {
        Issue.record("\(content): \(String(describing: failure()))")
        continue
      }
    }
  }

  /// Any one byte changed under a right checksum: another graph or an error, never a trap.
  @Test func anyContentIsReadOrRefused() throws {
    try SmallGraph.graph.write(toFolder: scratch.path + "/g")
    let whole = try bytes()
    var refused = 0
    for index in 52..<whole.count {
      for value: UInt8 in [0, 1, 2, 0x7F, 0x80, 0xFF] {
        var content = Array(whole[52...])
        content[index - 52] = value
        let header = Array(whole[..<20])
        try write(header + SHA256Digest.of(bytes: header + content).bytes + content)
        switch failure()?.reason {
        case nil: continue
        case .malformed?: refused += 1
        case let other: Issue.record("byte \(index): \(String(describing: other))")
        }
      }
    }
    #expect(refused > 100)
  }

  @Test func unwritablePlaceIsSaid() throws {
    let blocker = try scratch.file("blocker", "x")
    let error = #expect(throws: KnowledgeError.self) {
      try SmallGraph.graph.write(toFolder: blocker + "/g")
    }
    guard case .notWritten? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
