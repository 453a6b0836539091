import Tensor
import Testing
import TextEncoder

struct LexicalOccurrencesTests {
  @Test(arguments: [
    "", "acid", "a selective beta-1 blocker", "(17E)-icos-21-oate", "β‑2 agonist, ½ dose", "日本 語",
  ])
  func occurrencesCountAsFeaturesDo(text: String) {
    let tokenized = TextTokenizer.tokenize(text)
    let found = LexicalFeatures.occurrences(in: tokenized)
    #expect(found.counts == LexicalFeatures.counts(of: text))
    for place in found.keys.indices {
      let parts = found.parts(of: place)
      #expect(parts.count == 1 || parts.count == 2)
      #expect(parts.allSatisfy { tokenized.tokens.indices.contains(Int($0)) })
    }
  }

  @Test func leavingOutTheLastWordIsTheTextWithoutIt() {
    let found = LexicalFeatures.occurrences(in: TextTokenizer.tokenize("beta blocker drug"))
    #expect(found.counts(without: 2..<3) == LexicalFeatures.counts(of: "beta blocker"))
    // No new pair of neighbours comes up where a word was.
    let middle = found.counts(without: 1..<2)
    #expect(middle.keys.count < LexicalFeatures.counts(of: "beta drug").keys.count)
  }
}
