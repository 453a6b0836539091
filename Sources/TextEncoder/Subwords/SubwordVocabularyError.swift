/// Why a file of sub-word pieces could not be read or written.
package struct SubwordVocabularyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong.
  package enum Reason: Equatable, Sendable {
    /// The system refused; its own words.
    case system(String)
    /// The first line is not that of such a file.
    case notAVocabulary
    /// The file has a format that this version does not know.
    case unknownFormat(found: String)
    /// The file ends before its last line.
    case truncated(expectedLines: Int, foundLines: Int)
    /// Lines follow the last one.
    case trailingLines(expectedLines: Int, foundLines: Int)
    /// A line is not a piece: two or more bytes in hexadecimal.
    case malformedPiece(line: Int)
    /// A piece occurs again.
    case repeatedPiece(line: Int)
    /// The pieces are not those that were written.
    case wrongChecksum(expected: String, found: String)
  }

  /// The file.
  package let path: String
  /// What went wrong.
  package let reason: Reason

  /// A sentence for people.
  package var description: String {
    switch reason {
    case .system(let words): "\(path): \(words)"
    case .notAVocabulary: "\(path): not a file of sub-word pieces"
    case .unknownFormat(let found): "\(path): format '\(found)' is not known to this version"
    case .truncated(let expected, let found):
      "\(path): truncated: \(found) lines found, \(expected) expected"
    case .trailingLines(let expected, let found):
      "\(path): \(found) lines found, \(expected) expected: lines after the last piece"
    case .malformedPiece(let line): "\(path): line \(line): not a piece"
    case .repeatedPiece(let line): "\(path): line \(line): the piece occurs before"
    case .wrongChecksum(let expected, let found):
      "\(path): the pieces have checksum \(found), \(expected) expected"
    }
  }
}
