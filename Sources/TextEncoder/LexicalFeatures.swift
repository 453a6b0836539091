public import Tensor

/// Counts the words, word pairs and parts of words of a text.
///
/// - words: every token;
/// - word pairs: every two neighbouring tokens, punctuation included;
/// - parts of words: 3 to 5 neighbouring characters of a word with a mark at each end.
///
/// Keys are 64-bit hashes over integers (``FeatureHash``), never over strings. They are stored in
/// checkpoints: a change here is a change of the checkpoint format.
public enum LexicalFeatures {
  /// The name spaces of the keys.
  enum Kind {
    static let word: UInt64 = 0x7465_7874_0000_0001
    static let pair: UInt64 = 0x7465_7874_0000_0002
    /// Plus the number of characters.
    static let part: UInt64 = 0x7465_7874_0000_0010
  }

  /// Stands before the first and after the last character of a word; no scalar has this value.
  static let wordBoundary: UInt64 = 0x1F_FFFF

  /// The feature counts of a text in any spelling; O(n log n).
  public static func counts(of text: String) -> FeatureCounts {
    var counter = Counter()
    return counter.counts(of: text)
  }

  /// Counts texts one after another, in storage that stays from text to text.
  public struct Counter {
    private var text = TokenizedText(normal: [])
    private var sink = FeatureKeys(capacity: 0)
    private var characters: [UInt64] = []

    /// Without storage yet.
    public init() {}

    /// ``LexicalFeatures/counts(of:)``; O(n log n).
    public mutating func counts(of text: String) -> FeatureCounts {
      self.text.read(text)
      sink.keys.removeAll(keepingCapacity: true)
      sink.keys.reserveCapacity(3 * self.text.utf8.count + 2 * self.text.tokens.count)
      LexicalFeatures.find(in: self.text, for: &sink, characters: &characters)
      return FeatureCounts(sorting: &sink.keys)
    }
  }

  /// The same features with the tokens that each occurrence is made of.
  public static func occurrences(in text: TokenizedText) -> FeatureOccurrences {
    var sink = FeatureOccurrences()
    var characters: [UInt64] = []
    find(in: text, for: &sink, characters: &characters)
    return sink
  }

  /// `characters` keeps the storage of one word's characters.
  private static func find(
    in text: TokenizedText, for sink: inout some FeatureSink, characters: inout [UInt64]
  ) {
    var previous: UInt64?
    characters.reserveCapacity(48)
    for (place, token) in text.tokens.enumerated() {
      let word = wordKey(of: text.utf8, in: token.range)
      sink.append(word) { [Int32(place)] }
      if let previous {
        var hash = FeatureHash(kind: Kind.pair)
        hash.combine(previous)
        hash.combine(word)
        sink.append(hash.key) { [Int32(place - 1), Int32(place)] }
      }
      previous = word
      if token.kind == .word {
        markedCharacters(of: text.utf8, in: token.range, into: &characters)
        appendParts(of: characters, token: Int32(place), to: &sink)
      }
    }
  }

  /// Combines the number of bytes, then the bytes in little-endian groups of eight.
  private static func wordKey(of utf8: [UInt8], in range: Range<Int>) -> UInt64 {
    var hash = FeatureHash(kind: Kind.word)
    hash.combine(UInt64(range.count))
    var group: UInt64 = 0
    var shift: UInt64 = 0
    for index in range {
      group |= UInt64(utf8[index]) << shift
      shift += 8
      if shift == 64 {
        hash.combine(group)
        group = 0
        shift = 0
      }
    }
    if shift > 0 { hash.combine(group) }
    return hash.key
  }

  private static func markedCharacters(
    of utf8: [UInt8], in range: Range<Int>, into characters: inout [UInt64]
  ) {
    characters.removeAll(keepingCapacity: true)
    characters.append(wordBoundary)
    var index = range.lowerBound
    while index < range.upperBound {
      characters.append(UInt64(utf8.decodedScalar(at: &index).value))
    }
    characters.append(wordBoundary)
  }

  /// Three characters of 21 bits each share one value, the first in the lowest bits.
  private static func appendParts(
    of characters: [UInt64], token: Int32, to sink: inout some FeatureSink
  ) {
    for start in characters.indices.dropLast(2) {
      let left = characters.count - start
      let firstThree =
        characters[start] | characters[start + 1] << 21 | characters[start + 2] << 42
      sink.append(partKey(length: 3, firstThree)) { [token] }
      guard left > 3 else { continue }
      sink.append(partKey(length: 4, firstThree, characters[start + 3])) { [token] }
      guard left > 4 else { continue }
      let lastTwo = characters[start + 3] | characters[start + 4] << 21
      sink.append(partKey(length: 5, firstThree, lastTwo)) { [token] }
    }
  }

  private static func partKey(length: UInt64, _ first: UInt64, _ rest: UInt64? = nil) -> UInt64 {
    var hash = FeatureHash(kind: Kind.part + length)
    hash.combine(first)
    if let rest { hash.combine(rest) }
    return hash.key
  }
}
