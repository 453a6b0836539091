import Tensor
import Testing

@testable import TextEncoder

struct SubwordVocabularyTests {
  static let texts = [
    "2-methylpropane and 2-methylbutane are methyl alkanes", "methylbenzene (toluene)",
    "The molecule is a butane derivative; it derives from butan-2-ol.", "ethyl methyl ether",
    "dimethyl ether, trimethylamine and tetramethylsilane",
  ]

  static func learned(size: Int = 320) -> SubwordVocabulary {
    var configuration = SubwordVocabulary.Configuration()
    configuration.size = size
    configuration.minimumCount = 2
    return SubwordVocabulary(learnedFrom: texts, configuration: configuration)
  }

  private static func spelled(_ vocabulary: SubwordVocabulary, _ text: String) -> [String] {
    vocabulary.encode(text, limit: 1000).tokens.map {
      String(decoding: vocabulary.bytes(of: $0), as: UTF8.self)
    }
  }

  @Test func frequentPairsAreLearnedFirst() {
    let vocabulary = Self.learned()
    // No other pair stands in words as often.
    #expect(vocabulary.pieces.first == Array("et".utf8))
    #expect(vocabulary.pieces.contains(Array("methyl".utf8)))
    #expect(vocabulary.count <= 320)
  }

  @Test func wordsAreCutIntoTheLongestPieces() {
    let vocabulary = SubwordVocabulary(
      pieces: ["meth", "methyl", "but", "yl"].map { Array($0.utf8) })
    #expect(Self.spelled(vocabulary, "Methylbutyl") == ["", "methyl", "but", "yl"])
    #expect(Self.spelled(vocabulary, "methxy") == ["", "meth", "x", "y"])
  }

  @Test func learningDoesNotDependOnTheOrderOfTexts() {
    var configuration = SubwordVocabulary.Configuration()
    configuration.size = 320
    configuration.minimumCount = 2
    let backwards = SubwordVocabulary(
      learnedFrom: Self.texts.reversed(), configuration: configuration)
    #expect(backwards == Self.learned())
  }

  @Test func runsOfOneByteJoinWithoutOverlap() {
    var configuration = SubwordVocabulary.Configuration()
    configuration.size = 300
    configuration.minimumCount = 1
    let vocabulary = SubwordVocabulary(learnedFrom: ["aaaaa"], configuration: configuration)
    #expect(
      vocabulary.pieces.map { String(decoding: $0, as: UTF8.self) } == ["aa", "aaa", "aaaaa"])
  }

  @Test func noTextLeavesTheBytes() {
    let vocabulary = SubwordVocabulary(learnedFrom: [])
    #expect(vocabulary.count == SubwordVocabulary.baseCount)
    #expect(Self.spelled(vocabulary, "ab") == ["", "a", "b"])
  }

  @Test(arguments: [
    "", " ", "butane", "β‑1,4‑D‑glucan", "日本語 \u{1F9EA}", "(17E)-icos-21-oate", "a  b\tc",
    "methyl-methyl methyl", "\u{0}\u{7F}", "Привет, µM",
  ])
  func nothingIsDropped(_ text: String) {
    let vocabulary = Self.learned()
    let encoded = vocabulary.encode(text, limit: 1000)
    #expect(vocabulary.decode(encoded) == TextNormalizer.normalizedUTF8(text))
    #expect(encoded.tokens.first == SubwordVocabulary.classToken)
    #expect(encoded.tokens.count == encoded.places.count)
    #expect(!encoded.isCut)
  }

  @Test func longTextsAreCutAtTheLimit() {
    let vocabulary = Self.learned()
    let whole = vocabulary.encode("2-methylpropane 2", limit: 1000)
    for limit in 1...whole.tokens.count + 1 {
      let cut = vocabulary.encode("2-methylpropane 2", limit: limit)
      #expect(cut.tokens == Array(whole.tokens.prefix(limit)))
      #expect(cut.places == Array(whole.places.prefix(limit)))
      #expect(cut.isCut == (limit < whole.tokens.count))
    }
  }

  @Test func placesTellSpacesApart() {
    let vocabulary = SubwordVocabulary(pieces: [])
    let places = vocabulary.encode("a-b cd", limit: 100).places
    #expect(
      places == [.whole, .afterSpace, .adjoining, .adjoining, .afterSpace, .insideWord])
  }

  @Test func aMaximumLengthBoundsPieces() {
    var configuration = SubwordVocabulary.Configuration()
    configuration.minimumCount = 1
    configuration.maximumLength = 3
    let vocabulary = SubwordVocabulary(learnedFrom: Self.texts, configuration: configuration)
    #expect(vocabulary.pieces.allSatisfy { $0.count <= 3 })
  }
}
