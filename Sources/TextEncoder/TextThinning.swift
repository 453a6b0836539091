public import Tensor

/// Leaves out random sentences and words of a text, so that training sees it in many forms.
///
/// A text that describes one molecule in several sentences describes it in any of them.
public struct TextThinning: Sendable, Equatable, Codable {
  /// Probability of leaving out a sentence, 0..<1; one sentence always stays.
  public var sentenceRate: Float
  /// Probability of leaving out a token of the sentences that stay, 0..<1.
  public var wordRate: Float

  /// Fixes the two rates.
  public init(sentenceRate: Float, wordRate: Float) {
    self.sentenceRate = sentenceRate
    self.wordRate = wordRate
  }

  /// Whether a text always stays as it is.
  public var isIdentity: Bool { sentenceRate == 0 && wordRate == 0 }

  /// The text without the tokens that chance leaves out.
  ///
  /// Never empty unless the text is; O(tokens).
  public func thin(_ text: TokenizedText, using random: inout RandomSource) -> TokenizedText {
    let sentences = text.sentences
    guard !sentences.isEmpty else { return text }
    let certain = Int(random.uniform() * Float(sentences.count))
    var kept: [TextToken] = []
    kept.reserveCapacity(text.tokens.count)
    for (number, sentence) in sentences.enumerated() {
      let isLeftOut = random.uniform() < sentenceRate
      if isLeftOut && number != certain { continue }
      for token in text.tokens[sentence] where random.uniform() >= wordRate { kept.append(token) }
    }
    return kept.isEmpty ? text : TokenizedText(utf8: text.utf8, tokens: kept)
  }
}

extension TokenizedText {
  /// Ranges of tokens that end with a full stop before a space, or with the text.
  ///
  /// A stop inside a name or number has no space behind it.
  var sentences: [Range<Int>] {
    var sentences: [Range<Int>] = []
    var start = 0
    for (position, token) in tokens.enumerated() {
      let isStop = token.range.count == 1 && utf8[token.range.lowerBound] == UInt8(ascii: ".")
      let end = token.range.upperBound
      if isStop && (end == utf8.count || utf8[end] == UInt8(ascii: " ")) {
        sentences.append(start..<position + 1)
        start = position + 1
      }
    }
    if start < tokens.count { sentences.append(start..<tokens.count) }
    return sentences
  }
}
