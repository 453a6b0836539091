import Foundation
import Testing

@testable import TextEncoder

struct SubwordVocabularyFileTests {
  private let vocabulary = SubwordVocabularyTests.learned()

  private func reason(_ bytes: some Sequence<UInt8>) -> SubwordVocabularyError.Reason? {
    do {
      _ = try SubwordVocabulary.parse(Array(bytes), path: "x")
      return nil
    } catch {
      return error.reason
    }
  }

  private func replacing(_ old: String, _ new: String) -> [UInt8] {
    let text = String(decoding: vocabulary.fileBytes, as: UTF8.self)
    return Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
  }

  @Test func whatIsWrittenIsRead() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("subwords-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try vocabulary.write(to: path)
    #expect(try SubwordVocabulary.read(path) == vocabulary)
    #expect(
      try SubwordVocabulary.parse(SubwordVocabulary(pieces: []).fileBytes, path: "x").pieces
        == [])
  }

  @Test func everyTruncationIsRefused() {
    let bytes = vocabulary.fileBytes
    for length in 0..<bytes.count {
      #expect(reason(bytes.prefix(length)) != nil, "\(length) bytes")
    }
    #expect(
      reason(bytes.dropLast())
        == .truncated(
          expectedLines: vocabulary.pieces.count + 1, foundLines: vocabulary.pieces.count))
    #expect(reason([]) == .notAVocabulary)
  }

  @Test func damageIsNamed() {
    let count = vocabulary.pieces.count
    #expect(reason(replacing("ligature", "literature")) == .notAVocabulary)
    #expect(reason(replacing("\t1\t", "\t9\t")) == .unknownFormat(found: "9"))
    #expect(reason(replacing("\n6574\n", "\n65\n")) == .malformedPiece(line: 2))
    #expect(reason(replacing("\n6574\n", "\n657\n")) == .malformedPiece(line: 2))
    #expect(reason(replacing("\n6574\n", "\n65z4\n")) == .malformedPiece(line: 2))
    #expect(
      reason(vocabulary.fileBytes + Array("7878\n".utf8))
        == .trailingLines(expectedLines: count + 1, foundLines: count + 2))
    #expect(
      reason(vocabulary.fileBytes + Array("78".utf8))
        == .trailingLines(expectedLines: count + 1, foundLines: count + 2))
    guard case .wrongChecksum = reason(replacing("\n6574\n", "\n6570\n")) else {
      Issue.record("a changed piece was read")
      return
    }
    let first = String(decoding: vocabulary.fileBytes, as: UTF8.self).split(separator: "\n")
    #expect(reason(replacing("\n\(first[2])\n", "\n\(first[1])\n")) == .repeatedPiece(line: 3))
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: SubwordVocabularyError.self) {
      _ = try SubwordVocabulary.read("/nowhere/subwords")
    }
  }
}
