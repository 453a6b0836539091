import Tensor
import TextEncoder

/// A token of a name or text as linking compares it.
struct NameToken {
  /// Stands for the token without a plural ending.
  let key: UInt64
  /// Where it stands in the bytes of the normal text.
  let range: Range<Int>
  let isWord: Bool

  /// The tokens of a normal text; a hyphen between two words of three letters or more is left out,
  /// so that "beta-lactam" and "beta lactam" are one name.
  static func tokens(of text: [UInt8], _ found: [TextToken]) -> [NameToken] {
    var tokens: [NameToken] = []
    tokens.reserveCapacity(found.count)
    for index in found.indices {
      let token = found[index]
      if text[token.range.lowerBound] == UInt8(ascii: "-"), index > 0, index + 1 < found.count,
        isPlainWord(found[index - 1], in: text), isPlainWord(found[index + 1], in: text),
        found[index - 1].range.upperBound == token.range.lowerBound,
        found[index + 1].range.lowerBound == token.range.upperBound
      {
        continue
      }
      let isWord = token.kind == .word
      let range = isWord ? singular(token.range, in: text) : (token.range, suffix: nil)
      tokens.append(
        NameToken(key: key(of: text, range), range: token.range, isWord: isWord))
    }
    return tokens
  }

  private static func isPlainWord(_ token: TextToken, in text: [UInt8]) -> Bool {
    token.kind == .word && token.range.count >= 3
      && token.range.allSatisfy { !isDigit(text[$0]) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// The stem of an English plural: a part of the word, and a letter to put behind it.
  ///
  /// "acids" → "acid", "classes" → "class", "assemblies" → "assembly"; "glass", "virus", "basis" and
  /// words of three letters stay. The same words are cut in names and texts, so that a stem need
  /// not be a word.
  private static func singular(
    _ range: Range<Int>, in text: [UInt8]
  ) -> (Range<Int>, suffix: UInt8?) {
    let word = text[range]
    guard word.count >= 4, word.last == UInt8(ascii: "s"), !word.contains(where: isDigit) else {
      return (range, nil)
    }
    func ends(_ ending: String) -> Bool {
      word.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
    func without(_ count: Int) -> Range<Int> { range.lowerBound..<range.upperBound - count }
    if ends("ss") || ends("us") || ends("is") { return (range, nil) }
    if ends("ies"), word.count >= 5 { return (without(3), UInt8(ascii: "y")) }
    if ends("sses") || ends("uses") || ends("xes") || ends("ches") || ends("shes") {
      return (without(2), nil)
    }
    return (without(1), nil)
  }

  private static func key(of text: [UInt8], _ stem: (Range<Int>, suffix: UInt8?)) -> UInt64 {
    var hash = FeatureHash(kind: 0x6b67_0000_0000_0001)
    var group: UInt64 = 0
    var shift: UInt64 = 0
    func add(_ byte: UInt8) {
      group |= UInt64(byte) << shift
      shift += 8
      if shift == 64 {
        hash.combine(group)
        (group, shift) = (0, 0)
      }
    }
    for index in stem.0 { add(text[index]) }
    if let suffix = stem.suffix { add(suffix) }
    hash.combine(group)
    hash.combine(stem.0.count + (stem.suffix == nil ? 0 : 1))
    return hash.key
  }
}
