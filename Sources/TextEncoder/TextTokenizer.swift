/// One token of a normal text.
public struct TextToken: Sendable, Hashable {
  /// What a token is made of.
  public enum Kind: Sendable, Hashable {
    /// A run of letters, digits and marks, such as "acid", "21" or the locant "17e".
    case word
    /// A single other character, such as a hyphen, a bracket or an emoji.
    case symbol
  }

  /// Where it stands in the bytes of the text.
  public let range: Range<Int>
  /// What it is made of.
  public let kind: Kind
}

/// A normal text and its tokens, in order.
public struct TokenizedText: Sendable {
  /// The normal form, see ``TextNormalizer``.
  public private(set) var utf8: [UInt8]
  /// The tokens; their ranges ascend and cover everything but spaces.
  public private(set) var tokens: [TextToken]

  /// Splits a text that is normal already; O(n).
  public init(normal utf8: [UInt8]) {
    self.init(utf8: utf8, tokens: TextTokenizer.tokens(in: utf8))
  }

  init(utf8: [UInt8], tokens: [TextToken]) {
    self.utf8 = utf8
    self.tokens = tokens
  }

  /// Becomes another text, in the storage that is there where it is large enough; O(n).
  mutating func read(_ text: String) {
    var (bytes, spans): ([UInt8], [TextToken]) = ([], [])
    swap(&bytes, &utf8)
    swap(&spans, &tokens)
    utf8 = TextNormalizer.normalizedUTF8(text, reusing: consume bytes)
    tokens = TextTokenizer.tokens(in: utf8, reusing: consume spans)
  }

  /// The spelling of a token of this text.
  public subscript(token: TextToken) -> String {
    String(decoding: utf8[token.range], as: UTF8.self)
  }
}

/// Splits normal text into words (letters and digits together) and single symbols.
///
/// "(17E)-icos-21-oate" has the tokens `(`, `17e`, `)`, `-`, `icos`, `-`, `21`, `-`, `oate`: locants
/// and the punctuation between them carry the structure, so all of them stay.
public enum TextTokenizer {
  /// Normalises a text, then splits it; O(n).
  public static func tokenize(_ text: String) -> TokenizedText {
    TokenizedText(normal: TextNormalizer.normalizedUTF8(text))
  }

  /// The tokens of a text that is normal already; O(n).
  public static func tokens(in utf8: [UInt8]) -> [TextToken] { tokens(in: utf8, reusing: []) }

  /// The tokens, in the storage of a list that nobody else holds.
  static func tokens(in utf8: [UInt8], reusing storage: consuming [TextToken]) -> [TextToken] {
    var tokens = consume storage
    tokens.removeAll(keepingCapacity: true)
    tokens.reserveCapacity(utf8.count / 3)
    var index = 0
    while index < utf8.count {
      let start = index
      switch characterClass(in: utf8, at: &index) {
      case .space:
        continue
      case .symbol:
        tokens.append(TextToken(range: start..<index, kind: .symbol))
      case .word:
        var end = index
        while index < utf8.count, characterClass(in: utf8, at: &index) == .word { end = index }
        index = end
        tokens.append(TextToken(range: start..<end, kind: .word))
      }
    }
    return tokens
  }

  private enum CharacterClass {
    case space, word, symbol
  }

  /// Classifies the character at `index` and steps past it.
  private static func characterClass(in utf8: [UInt8], at index: inout Int) -> CharacterClass {
    let byte = utf8[index]
    guard byte >= 0x80 else {
      index += 1
      switch byte {
      case UInt8(ascii: " "): return .space
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        return .word
      default: return .symbol
      }
    }
    switch utf8.decodedScalar(at: &index).properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
      return .word
    default:
      return .symbol
    }
  }
}
