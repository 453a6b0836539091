import Tensor
import Testing
import TextEncoder

@Suite struct LexicalFeaturesTests {
  @Test func emptyTextHasNoFeatures() {
    #expect(LexicalFeatures.counts(of: "") == FeatureCounts(occurrences: []))
    #expect(LexicalFeatures.counts(of: " \n").keys.isEmpty)
  }

  /// "ab" is one word; with its marks it has two runs of three characters and one of four.
  @Test func shortWordHasItselfAndItsParts() {
    let counts = LexicalFeatures.counts(of: "ab")
    #expect(counts.counts == [1, 1, 1, 1])
  }

  @Test func symbolHasNoParts() {
    #expect(LexicalFeatures.counts(of: "-").counts == [1])
    #expect(LexicalFeatures.counts(of: "--").counts.sorted() == [1, 2])
  }

  @Test func repeatedTextRepeatsItsCounts() {
    let once = LexicalFeatures.counts(of: "acid;")
    let twice = LexicalFeatures.counts(of: "acid;acid;")
    let known = Dictionary(uniqueKeysWithValues: zip(once.keys, once.counts))
    // One pair more, that of the semicolon and the second "acid".
    #expect(twice.keys.count == once.keys.count + 1)
    for (key, count) in zip(twice.keys, twice.counts) {
      #expect(count == (known[key] ?? 0) * 2 || known[key] == nil && count == 1)
    }
  }

  @Test func aCounterForgetsTheTextBefore() {
    var counter = LexicalFeatures.Counter()
    for text in ["a long text of beta-1 and beta-2 blockers", "", "x", "α-1 µM", "ab ab ab"] {
      let (after, alone) = (counter.counts(of: text), LexicalFeatures.counts(of: text))
      #expect(after == alone)
    }
  }

  @Test func orderOfWordsChangesPairsOnly() {
    let one = LexicalFeatures.counts(of: "red acid")
    let other = LexicalFeatures.counts(of: "acid red")
    #expect(Set(one.keys).symmetricDifference(other.keys).count == 2)
  }

  @Test func equalSpellingsHaveEqualFeatures() {
    #expect(
      LexicalFeatures.counts(of: "β\u{2011}1 \u{201C}Acid\u{201D}")
        == LexicalFeatures.counts(of: " beta-1  \"acid\""))
  }

  @Test func stereoLocantsMatter() {
    #expect(
      LexicalFeatures.counts(of: "(17E)-icos-17-en-21-oate")
        != LexicalFeatures.counts(of: "(17Z)-icos-17-en-21-oate"))
  }

  @Test func longTextsAreCountedInFull() {
    let words = LexicalFeatures.counts(of: String(repeating: "acid ", count: 200_000))
    #expect(words.counts.max() == 200_000)
    #expect(words.counts.min() == 199_999)
    let oneWord = LexicalFeatures.counts(of: String(repeating: "a", count: 1_000_000))
    #expect(oneWord.counts.max() == 999_998)
    #expect(oneWord.keys.count == 1 + 3 * 3)
  }
}

@Suite struct LexicalFeaturesGoldenTests {
  /// The sum that the generator takes, from the finaliser of SplitMix64.
  static func checksum(_ counts: FeatureCounts) -> UInt64 {
    zip(counts.keys, counts.counts).reduce(0) { sum, feature in
      var z = feature.0
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return sum &+ (z ^ (z >> 31)) &* UInt64(feature.1)
    }
  }

  @Test func keysOfAcidNeverChange() {
    #expect(LexicalFeatures.counts(of: "acid").keys == TextFeaturesGolden.acidKeys)
  }

  @Test(arguments: TextFeaturesGolden.all)
  func everyStageAgreesWithPython(golden: TextFeaturesGolden) {
    #expect(
      Array(TextNormalizer.normalize(golden.text).unicodeScalars)
        == Array(golden.normal.unicodeScalars))
    let tokenized = TextTokenizer.tokenize(golden.text)
    #expect(tokenized.tokens.map { tokenized[$0] } == golden.tokens)
    let counts = LexicalFeatures.counts(of: golden.text)
    #expect(counts.keys.count == golden.distinct)
    #expect(counts.counts.reduce(0) { $0 + Int($1) } == golden.occurrences)
    #expect(Self.checksum(counts) == golden.checksum)
  }
}
