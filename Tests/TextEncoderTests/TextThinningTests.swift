import Tensor
import Testing
import TextEncoder

@Suite struct TextThinningTests {
  private let text = TextTokenizer.tokenize(
    "It is a 1.5-fold inhibitor. It derives from serine. It has a role as a toxin.")

  private func words(_ text: TokenizedText) -> [String] { text.tokens.map { text[$0] } }

  @Test func withoutRatesTheTextStays() {
    var random = RandomSource(seed: 1)
    let thinning = TextThinning(sentenceRate: 0, wordRate: 0)
    #expect(thinning.isIdentity)
    #expect(words(thinning.thin(text, using: &random)) == words(text))
  }

  @Test func wholeSentencesAreLeftOutAndOneStays() {
    let sentences = [
      "It is a 1.5-fold inhibitor.", "It derives from serine.", "It has a role as a toxin.",
    ].map { words(TextTokenizer.tokenize($0)) }
    let thinning = TextThinning(sentenceRate: 0.7, wordRate: 0)
    var seen = Set<Int>()
    for seed in 0..<200 {
      var random = RandomSource(seed: UInt64(seed))
      let kept = words(thinning.thin(text, using: &random))
      let subsets = (1..<8).filter { subset in
        sentences.indices.filter { subset >> $0 & 1 == 1 }.flatMap { sentences[$0] } == kept
      }
      #expect(subsets.count == 1)
      seen.formUnion(subsets)
    }
    #expect(seen.count == 7)
  }

  @Test func wordsAreLeftOutAtTheirRate() {
    let long = TextTokenizer.tokenize(String(repeating: "word ", count: 5000))
    var random = RandomSource(seed: 3)
    let kept = TextThinning(sentenceRate: 0, wordRate: 0.2).thin(long, using: &random)
    #expect(abs(Double(kept.tokens.count) - 4000) < 120)
  }

  @Test func equalSeedsGiveEqualTexts() {
    let thinning = TextThinning(sentenceRate: 0.5, wordRate: 0.3)
    var first = RandomSource(seed: 9)
    var second = RandomSource(seed: 9)
    #expect(
      words(thinning.thin(text, using: &first)) == words(thinning.thin(text, using: &second)))
  }

  @Test(arguments: ["", " ", ".", "x"])
  func tinyTextsNeverVanish(tiny: String) {
    let tokens = TextTokenizer.tokenize(tiny)
    let thinning = TextThinning(sentenceRate: 0.9, wordRate: 0.9)
    for seed in 0..<50 {
      var random = RandomSource(seed: UInt64(seed))
      let kept = thinning.thin(tokens, using: &random).tokens
      #expect(kept.isEmpty == tokens.tokens.isEmpty)
    }
  }
}
