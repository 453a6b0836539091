import Tensor

extension SubwordVocabulary {
  private static let title = "ligature sub-words"
  private static let format = "1"

  /// The file: a header `ligature sub-words TAB 1 TAB pieces TAB checksum`, then each piece on a
  /// line, its bytes in hexadecimal, in order.
  package var fileBytes: [UInt8] {
    var text =
      [Self.title, Self.format, String(pieces.count), Self.checksum(of: pieces)]
      .joined(separator: "\t") + "\n"
    for piece in pieces { text += Self.hexadecimal(piece) + "\n" }
    return Array(text.utf8)
  }

  /// Writes the vocabulary in one step.
  package func write(to path: String) throws(SubwordVocabularyError) {
    do {
      try DurableFile.write(fileBytes, to: path)
    } catch {
      throw SubwordVocabularyError(path: path, reason: .system(error.words))
    }
  }

  /// Reads a vocabulary and checks every line.
  ///
  /// - Throws: ``SubwordVocabularyError`` when it cannot be read or is not what was written.
  package static func read(_ path: String) throws(SubwordVocabularyError) -> SubwordVocabulary {
    let bytes: [UInt8]
    do {
      bytes = try DurableFile.read(path)
    } catch {
      throw SubwordVocabularyError(path: path, reason: .system(error.words))
    }
    return try parse(bytes, path: path)
  }

  /// Reads a vocabulary from the bytes of its file; `path` is for errors.
  package static func parse(
    _ bytes: [UInt8], path: String
  ) throws(SubwordVocabularyError) -> SubwordVocabulary {
    func error(_ reason: SubwordVocabularyError.Reason) -> SubwordVocabularyError {
      SubwordVocabularyError(path: path, reason: reason)
    }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first else { throw error(.notAVocabulary) }
    let header = String(decoding: first, as: UTF8.self)
      .split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard header[0] == title, header.count >= 2 else { throw error(.notAVocabulary) }
    guard header[1] == format else { throw error(.unknownFormat(found: header[1])) }
    guard header.count == 4, let count = Int(header[2]), count >= 0 else {
      throw error(.notAVocabulary)
    }
    // A whole file ends with a line feed, after which nothing comes.
    let isWhole = lines.removeLast().isEmpty
    guard lines.count > count else {
      throw error(.truncated(expectedLines: count + 1, foundLines: lines.count))
    }
    guard lines.count == count + 1, isWhole else {
      let found = lines.count + (isWhole ? 0 : 1)
      throw error(.trailingLines(expectedLines: count + 1, foundLines: found))
    }
    var pieces: [[UInt8]] = []
    var seen: Set<[UInt8]> = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let piece = Self.bytes(hexadecimal: line), piece.count > 1 else {
        throw error(.malformedPiece(line: index + 1))
      }
      guard seen.insert(piece).inserted else { throw error(.repeatedPiece(line: index + 1)) }
      pieces.append(piece)
    }
    let checksum = checksum(of: pieces)
    guard checksum == header[3] else {
      throw error(.wrongChecksum(expected: header[3], found: checksum))
    }
    return SubwordVocabulary(pieces: pieces)
  }

  /// 16 hexadecimal digits over all pieces and their lengths.
  private static func checksum(of pieces: [[UInt8]]) -> String {
    var hash = FeatureHash(kind: 0x7375_6277_6f72_6473)
    for piece in pieces {
      hash.combine(piece.count)
      for byte in piece { hash.combine(UInt64(byte)) }
    }
    let digits = String(hash.key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func hexadecimal(_ piece: [UInt8]) -> String {
    String(
      decoding: piece.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func bytes(hexadecimal line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in line {
      guard let digit = digits.firstIndex(of: character) else { return nil }
      if let upper = high {
        bytes.append(upper << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    return bytes
  }
}
