import Tensor
import Testing

struct FeatureCountsTests {
  @Test func occurrencesAreCountedUnderAscendingKeys() {
    let counts = FeatureCounts(occurrences: [9, 3, 9, .max, 0, 3, 9])
    #expect(counts.keys == [0, 3, 9, .max])
    #expect(counts.counts == [1, 2, 3, 1])
  }

  @Test func noOccurrencesGiveNoFeatures() {
    let counts = FeatureCounts(occurrences: [])
    #expect(counts.keys.isEmpty && counts.counts.isEmpty)
  }

  @Test func orderOfOccurrencesDoesNotMatter() {
    var source = RandomSource(seed: 1)
    let list = (0..<500).map { _ in source.next() % 37 }
    #expect(FeatureCounts(occurrences: list) == FeatureCounts(occurrences: list.reversed()))
    #expect(FeatureCounts(occurrences: list).counts.reduce(0, +) == 500)
  }
}
