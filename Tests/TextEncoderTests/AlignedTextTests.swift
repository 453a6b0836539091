import Testing
import TextEncoder

struct AlignedTextTests {
  private static let texts = [
    "", "plain text", "  spaced\tout  ", "β-1 and 2-α", "µM of μ, μ-opioid", "ﬁne “quotes” 4″",
    "β‑2‑γ—x", "e\u{301}te\u{301} \u{301}", "a\u{00A0}b\u{2003}", "5-ΑΒΓ-3", "Ω≤±→", "日本 語",
    "x\u{200B}y", "naïve Ångström", "α\u{2011}\u{FF12}", "\u{FF21}µ\u{FF21}", "--β--1--",
  ]

  @Test(arguments: texts)
  func normalFormIsTheNormalizers(text: String) {
    let aligned = AlignedText(text)
    #expect(aligned.utf8 == TextNormalizer.normalizedUTF8(text))
    for index in aligned.utf8.indices {
      let origin = aligned.origin(of: index..<index + 1)
      #expect(!origin.isEmpty && origin.upperBound <= text.utf8.count)
    }
  }

  @Test(arguments: texts)
  func originsAscendAndEveryASCIILetterComesFromItself(text: String) {
    let aligned = AlignedText(text)
    let bytes = Array(text.utf8)
    var last = 0
    for index in aligned.utf8.indices where aligned.utf8[index] != UInt8(ascii: " ") {
      let origin = aligned.origin(of: index..<index + 1)
      #expect(origin.lowerBound >= last)
      last = origin.lowerBound
      if bytes[origin.lowerBound] < 0x80, bytes[origin.lowerBound] != UInt8(ascii: "\"") {
        #expect(bytes[origin.lowerBound] | 0x20 == aligned.utf8[index] | 0x20)
      }
    }
  }

  @Test func tokensMapToTheirOwnCharacters() {
    let text = "α‑β and ﬁber"
    let aligned = AlignedText(text)
    let bytes = Array(text.utf8)
    let words = TextTokenizer.tokens(in: aligned.utf8).map { token in
      String(decoding: bytes[aligned.origin(of: token.range)], as: UTF8.self)
    }
    #expect(words == ["α", "‑", "β", "and", "ﬁber"])
  }
}
