import Foundation
import Testing
import TextEncoder

@Suite struct TextNormalizerTests {
  static let table: [(String, String)] = [
    ("", ""),
    ("  \t\r\n ", ""),
    ("Acid", "acid"),
    (" two \u{00A0}\u{2003} words\n", "two words"),
    ("a\u{0000}b", "a b"),
    ("\u{2013}\u{2014}\u{2212}\u{2010}\u{2011}\u{FF0D}", "------"),
    ("2\u{2032} 4\u{2033}", "2' 4''"),
    ("\u{201C}x\u{201D} \u{2018}y\u{2019} `z\u{00B4}", "''x'' 'y' 'z'"),
    ("Ca\u{00B2}\u{207A} H\u{2082}O x\u{207B}\u{00B9}", "ca2+ h2o x-1"),
    ("\u{FF21}\u{FF11} \u{FB01}ne \u{00BD}", "a1 fine 1/2"),
    ("na\u{00EF}ve nai\u{0308}ve \u{00C5}", "naive naive a"),
    ("\u{0141}\u{00F3}d\u{017A} Stra\u{00DF}e \u{00D8}", "lodz strasse o"),
    ("\u{0394}9 \u{2206}9 \u{03A9} \u{2126} \u{03C2}", "delta9 delta9 omega omega sigma"),
    ("(1\u{2192}4) \u{00B1} \u{2265} \u{00B7}HCl", "(1->4) +/- >= .hcl"),
    ("a\u{00AD}b c\u{200B}d \u{FEFF}e", "ab cd e"),
    ("\u{304B}\u{3099} \u{1112}\u{1161}\u{11AB}", "\u{304C} \u{D55C}"),
    ("x\u{FFFD}\u{1F600}", "x\u{FFFD}\u{1F600}"),
  ]

  @Test(arguments: table)
  func spellingsFoldAsListed(text: String, normal: String) {
    #expect(TextNormalizer.normalize(text) == normal)
    #expect(TextNormalizer.normalizedUTF8(text) == Array(normal.utf8))
  }

  /// Each group lists spellings of one thing.
  static let equalSpellings: [[String]] = [
    ["β1", "beta1", "beta-1", "Beta\u{2011}1", "\u{0392}\u{2212}1"],
    ["17β-ol", "17beta-ol", "17-beta-ol"],
    ["5\u{00B5}M", "5\u{03BC}M", "5uM"],
    ["\u{00B5}-opioid", "\u{03BC}-opioid", "mu-opioid", "Mu-Opioid"],
    ["4\u{2033}-O", "4''-O", "4\"-O", "4\u{2032}\u{2032}-O"],
    ["caf\u{00E9}", "cafe\u{0301}", "CAFE"],
  ]

  @Test(arguments: equalSpellings)
  func equalSpellingsMeet(spellings: [String]) {
    #expect(Set(spellings.map(TextNormalizer.normalize)).count == 1)
  }

  @Test(arguments: [
    "alphabet-2", "beta-D-glucose", "x-1", "theta-b", "beta--1", "-1", "1-", "1-betaine",
    "métabeta-1",
  ])
  func otherHyphensStay(text: String) {
    let hyphens = text.utf8.count { $0 == UInt8(ascii: "-") }
    #expect(TextNormalizer.normalizedUTF8(text).count { $0 == UInt8(ascii: "-") } == hyphens)
  }
}

@Suite struct TextNormalizerPropertyTests {
  /// Every scalar of planes 0 and 1, in blocks and between ASCII letters.
  @Test func normalisingTwiceChangesNothing() {
    for block in stride(from: UInt32(0), to: 0x20000, by: 64) {
      var text = ""
      for scalar in (block..<block + 64).compactMap(Unicode.Scalar.init) {
        text.unicodeScalars.append(contentsOf: ["a", scalar])
      }
      let once = TextNormalizer.normalizedUTF8(text)
      let again = TextNormalizer.normalizedUTF8(String(decoding: once, as: UTF8.self))
      #expect(once == again, "block \(String(block, radix: 16))")
    }
  }

  @Test func fullWidthSpellingOfAsciiMeetsAscii() {
    for value in UInt32(0x21)...0x7E {
      let ascii = String(UnicodeScalar(UInt8(value)))
      let wide = Unicode.Scalar(value + 0xFEE0).map { String(Character($0)) }
      #expect(wide.map(TextNormalizer.normalize) == TextNormalizer.normalize(ascii))
    }
  }

  @Test func decomposedAndComposedTextMeet() {
    for value in UInt32(0x80)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "a" + String(Character(scalar)) + "b"
      #expect(
        TextNormalizer.normalizedUTF8(text)
          == TextNormalizer.normalizedUTF8(text.decomposedStringWithCanonicalMapping),
        "U+\(String(value, radix: 16))")
    }
  }

  @Test func longTextIsNormalisedWhole() {
    let unit = "β-D-Glucose (1\u{2192}4) \u{1F600}\n"
    let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count + 1)
    let normal = TextNormalizer.normalizedUTF8(text)
    let one = Array("beta-d-glucose (1->4) \u{1F600} ".utf8)
    #expect(normal.count == one.count * (1_000_000 / unit.utf8.count + 1) - 1)
    #expect(Array(normal.prefix(one.count)) == one)
    #expect(Array(normal.suffix(one.count - 1)) == Array(one.dropLast()))
  }
}
