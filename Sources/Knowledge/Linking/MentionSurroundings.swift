import TextEncoder

/// What stands directly beside a possible mention: whether it is a name of its own, or part of a
/// longer chemical name that is written without spaces.
struct MentionSurroundings {
  private let text: [UInt8]
  private let tokens: [TextToken]

  init(text: [UInt8], tokens: [TextToken]) {
    self.text = text
    self.tokens = tokens
  }

  /// Whether a name may begin at a byte.
  ///
  /// Not directly behind a hyphen, a closing bracket, a prime or a comma, as in
  /// "(2R)-alanine", nor behind an opening bracket that itself belongs to a name, as in
  /// "di(ethyl)".
  func isFree(before start: Int) -> Bool {
    guard start > 0, let before = token(endingAt: start) else { return true }
    switch text[start - 1] {
    case UInt8(ascii: "-"):
      guard let word = token(endingAt: before.range.lowerBound) else { return true }
      return isOneOf(AmbiguousNames.prefixes, word)
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","):
      return false
    case UInt8(ascii: "'"):
      // A quote stands behind a space or bracket, a prime behind its locant.
      var quote = before
      while let earlier = token(endingAt: quote.range.lowerBound) {
        if isOneOf(AmbiguousNames.openings, earlier) { return true }
        guard text[earlier.range.lowerBound] == UInt8(ascii: "'") else { return false }
        quote = earlier
      }
      return true
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      return token(endingAt: before.range.lowerBound) == nil
    default:
      return true
    }
  }

  /// Whether a name may end at a byte.
  func isFree(after end: Int) -> Bool {
    guard let after = token(startingAt: end) else { return true }
    let next = token(startingAt: after.range.upperBound)
    switch text[end] {
    case UInt8(ascii: "-"):
      guard let next else { return true }
      return isOneOf(AmbiguousNames.suffixes, next)
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "+"):
      return false
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      guard let next else { return true }
      return next.kind == .symbol && text[next.range.lowerBound] != UInt8(ascii: "-")
    case UInt8(ascii: ","):
      return next?.kind != .word
    case UInt8(ascii: "'"):
      // A closing quote or a genitive is no prime.
      var quote = after
      while let later = token(startingAt: quote.range.upperBound) {
        if text[later.range.lowerBound] != UInt8(ascii: "'") {
          return isOneOf(AmbiguousNames.closings, later)
            || isOneOf(["s"], later) && token(startingAt: later.range.upperBound) == nil
        }
        quote = later
      }
      return true
    default:
      return true
    }
  }

  private func isOneOf(_ words: Set<String>, _ token: TextToken) -> Bool {
    words.contains(String(decoding: text[token.range], as: UTF8.self))
  }

  /// The token that ends at a byte, nil behind a space; O(log tokens).
  private func token(endingAt end: Int) -> TextToken? {
    let index = firstToken(from: end) - 1
    return index >= 0 && tokens[index].range.upperBound == end ? tokens[index] : nil
  }

  private func token(startingAt start: Int) -> TextToken? {
    let index = firstToken(from: start)
    return index < tokens.count && tokens[index].range.lowerBound == start ? tokens[index] : nil
  }

  /// The number of the first token that begins at a byte or behind it.
  private func firstToken(from start: Int) -> Int {
    var (low, high) = (0, tokens.count)
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].range.lowerBound < start { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
