import Tensor
import TextEncoder

/// A text whose words are the parts of its features.
package struct ExplainedText: Sendable {
  /// One word or symbol, or several that come from one character, such as ½.
  package struct Word: Sendable, Equatable {
    /// Where it stands in the text, in UTF-8 bytes.
    package let bytes: Range<Int>
    /// Its tokens.
    let tokens: Range<Int>
  }

  package let text: String
  /// In the order of the text, without gaps in their tokens.
  package let words: [Word]
  let features: FeatureOccurrences

  /// Splits the text and finds its features; O(n).
  package init(_ text: String) {
    self.text = text
    let aligned = AlignedText(text)
    let tokenized = TokenizedText(normal: aligned.utf8)
    features = LexicalFeatures.occurrences(in: tokenized)
    var words: [Word] = []
    for (place, token) in tokenized.tokens.enumerated() {
      let bytes = aligned.origin(of: token.range)
      if let last = words.last, bytes.lowerBound < last.bytes.upperBound {
        words[words.count - 1] = Word(
          bytes: last.bytes.lowerBound..<max(last.bytes.upperBound, bytes.upperBound),
          tokens: last.tokens.lowerBound..<place + 1)
      } else {
        words.append(Word(bytes: bytes, tokens: place..<place + 1))
      }
    }
    self.words = words
  }

  /// The spelling of a word.
  package subscript(word: Word) -> String {
    String(decoding: Array(text.utf8)[word.bytes], as: UTF8.self)
  }

  func shares(of numbers: [UInt64: Double]) -> [Double] {
    let shares = features.shares(of: numbers, partCount: words.last?.tokens.upperBound ?? 0)
    return words.map { shares[$0.tokens].reduce(0, +) }
  }

  /// The whole text, then for each word the text without the features it belongs to.
  func variants() -> [TextFeatures] {
    let bytes = Array(text.utf8)
    return [TextFeatures(lexical: features.counts, text: text)]
      + Parallel.map(words.count, by: 4) { place in
        let word = words[place]
        var rest = bytes
        rest.replaceSubrange(word.bytes, with: [UInt8(ascii: " ")])
        return TextFeatures(
          lexical: features.counts(
            without: Int32(word.tokens.lowerBound)..<Int32(word.tokens.upperBound)),
          text: String(decoding: rest, as: UTF8.self))
      }
  }
}
