import Testing
import TextEncoder

@Suite struct TextTokenizerTests {
  static let table: [(String, [String])] = [
    ("", []),
    (" ", []),
    ("acid", ["acid"]),
    ("(17E)-icos-21-oate", ["(", "17e", ")", "-", "icos", "-", "21", "-", "oate"]),
    ("bicyclo[3.2.1]", ["bicyclo", "[", "3", ".", "2", ".", "1", "]"]),
    ("4\u{2033}-O", ["4", "'", "'", "-", "o"]),
    ("β1-ol", ["beta1", "-", "ol"]),
    ("русский, 漢字", ["русскии", ",", "漢字"]),
    ("a😀b", ["a", "😀", "b"]),
    ("x\u{FFFD}\u{FFFD}", ["x", "\u{FFFD}", "\u{FFFD}"]),
  ]

  @Test(arguments: table)
  func textsSplitAsListed(text: String, expected: [String]) {
    let tokenized = TextTokenizer.tokenize(text)
    #expect(tokenized.tokens.map { tokenized[$0] } == expected)
  }

  @Test func kindsTellWordsFromSymbols() {
    #expect(TextTokenizer.tokenize("a-1 é").tokens.map(\.kind) == [.word, .symbol, .word, .word])
  }

  @Test func invalidBytesBecomeReplacementSymbols() {
    let tokenized = TextTokenizer.tokenize(
      String(decoding: [0x61, 0xFF, 0xC0, 0x62], as: UTF8.self))
    #expect(tokenized.tokens.map { tokenized[$0] } == ["a", "\u{FFFD}", "\u{FFFD}", "b"])
  }
}

@Suite struct TextTokenizerPropertyTests {
  @Test(arguments: TextFeaturesGolden.all.map(\.text))
  func rangesCoverEverythingButSpaces(text: String) {
    let tokenized = TextTokenizer.tokenize(text)
    var covered = tokenized.utf8.map { $0 == UInt8(ascii: " ") }
    var end = 0
    for token in tokenized.tokens {
      #expect(token.range.lowerBound >= end && !token.range.isEmpty)
      end = token.range.upperBound
      for index in token.range {
        #expect(!covered[index])
        covered[index] = true
      }
    }
    #expect(covered.allSatisfy { $0 })
  }
}
