import Molecule
import Testing

struct SimilarityTests {
  static let left = bits(0, 1, 2, 70)
  static let right = bits(1, 2, 3, 4, 70, 99)

  static func bits(_ set: Int...) -> BitFingerprint {
    var fingerprint = BitFingerprint(size: 100)
    for bit in set { fingerprint.insert(bit) }
    return fingerprint
  }

  @Test func bitsCompareByTheirOverlap() {
    #expect(Self.left.overlap(with: Self.right) == 3)
    #expect(Self.left.similarity(to: Self.right) == 3.0 / 7)
    #expect(Self.left.similarity(to: Self.right, by: .dice) == 6.0 / 10)
    let tversky = Self.left.similarity(to: Self.right, by: .tversky(alpha: 0.9, beta: 0.1))
    #expect(abs(tversky - 3 / (0.9 * 1 + 0.1 * 3 + 3)) < 1e-15)
  }

  @Test func countsCompareByTheLesserCount() {
    let left = CountFingerprint(occurrences: [5, 5, 5, 7, 9])
    let right = CountFingerprint(occurrences: [9, 5, 5, 8, 9, 9])
    #expect(left.overlap(with: right) == 3)
    #expect(left.similarity(to: right) == 3.0 / 8)
    #expect(left.similarity(to: right, by: .dice) == 6.0 / 11)
    #expect(right.overlap(with: left) == 3)
  }

  @Test func tverskyWithOnesIsTanimotoAndWithHalvesIsDice() {
    for (left, right, shared) in [(4, 6, 3), (1, 1, 1), (10, 3, 0)] {
      let ones = Similarity.tversky(alpha: 1, beta: 1)
      let halves = Similarity.tversky(alpha: 0.5, beta: 0.5)
      #expect(
        ones.value(left: left, right: right, shared: shared)
          == Similarity.tanimoto.value(left: left, right: right, shared: shared))
      #expect(
        halves.value(left: left, right: right, shared: shared)
          == Similarity.dice.value(left: left, right: right, shared: shared))
    }
  }

  @Test func emptyFingerprintsHaveNoSimilarity() {
    let empty = BitFingerprint(size: 64)
    #expect(empty.similarity(to: empty) == 0)
    #expect(empty.similarity(to: empty, by: .dice) == 0)
    #expect(
      CountFingerprint(occurrences: []).similarity(to: CountFingerprint(occurrences: [])) == 0)
  }

  @Test func countsMergeOccurrences() {
    let counts = CountFingerprint(occurrences: [3, 1, 3, 3])
    #expect(counts.identifiers == [1, 3])
    #expect(counts.counts == [1, 3])
    #expect(counts.total == 4)
  }

  @Test func setBitsAreListedInOrder() {
    #expect(Self.right.setBits == [1, 2, 3, 4, 70, 99])
    #expect(Self.right.population == 6)
    #expect(Self.right.contains(99) && !Self.right.contains(98))
    #expect(BitFingerprint(size: 100, words: Self.right.words) == Self.right)
  }
}
