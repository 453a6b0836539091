/// A text as tokens of a ``SubwordVocabulary``.
package struct SubwordText: Sendable, Equatable {
  /// Where a token stands.
  package enum Place: UInt8, Sendable, CaseIterable {
    /// The class token.
    case whole
    /// The start of a word or symbol after a space, or of the text.
    case afterSpace
    /// The start of a word or symbol right after another.
    case adjoining
    /// Inside a word.
    case insideWord
  }

  /// The tokens, the class token first.
  package let tokens: [Int32]
  /// Where each token stands; parallel to ``tokens``.
  package let places: [Place]
  /// Whether tokens were cut off at the end.
  package let isCut: Bool
}

extension SubwordVocabulary {
  /// The tokens of a text in any spelling, at most `limit` of them, class token included.
  ///
  /// O(n). What is past the limit is cut off and ``SubwordText/isCut`` says so.
  package func encode(_ text: String, limit: Int) -> SubwordText {
    encode(TextTokenizer.tokenize(text), limit: limit)
  }

  /// The tokens of a text that is split already.
  package func encode(_ text: TokenizedText, limit: Int) -> SubwordText {
    precondition(limit >= 1, "a sequence of \(limit) tokens")
    var tokens = [Self.classToken]
    var places = [SubwordText.Place.whole]
    var previousEnd = -1
    for word in text.tokens {
      var start = word.range.lowerBound
      var place: SubwordText.Place = start == previousEnd ? .adjoining : .afterSpace
      while start < word.range.upperBound {
        if tokens.count == limit {
          return SubwordText(tokens: tokens, places: places, isCut: true)
        }
        let piece = longestPiece(in: text.utf8, start..<word.range.upperBound)
        tokens.append(piece.token)
        places.append(place)
        place = .insideWord
        start = piece.end
      }
      previousEnd = word.range.upperBound
    }
    return SubwordText(tokens: tokens, places: places, isCut: false)
  }

  /// The normal form of the text that was encoded, as far as it was not cut off.
  package func decode(_ text: SubwordText) -> [UInt8] {
    var bytes: [UInt8] = []
    for (token, place) in zip(text.tokens, text.places) {
      if place == .afterSpace, !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
      bytes += self.bytes(of: token)
    }
    return bytes
  }
}
