import Foundation
import Tensor
import Testing

struct FeatureVocabularyTests {
  /// Document frequencies: 10 in four items, 30 and 20 in two, 40 in one.
  private let items = [
    FeatureCounts(occurrences: [10, 10, 10, 20]), FeatureCounts(occurrences: [10, 30, 30]),
    FeatureCounts(occurrences: [30, 10, 20]), FeatureCounts(occurrences: [40, 10]),
    FeatureCounts(occurrences: []),
  ]

  private func vocabulary(
    minimum: Int, weighting: FeatureVocabulary.CountWeighting = .logarithmic
  ) -> FeatureVocabulary {
    FeatureVocabulary(fitting: items, minimumDocumentFrequency: minimum, weighting: weighting)
  }

  @Test func columnsFallInFrequencyThenRiseInKey() {
    #expect(vocabulary(minimum: 1).keys == [10, 20, 30, 40])
  }

  @Test(arguments: [(1, 4), (2, 3), (3, 1), (4, 1), (5, 0)])
  func rareFeaturesAreDropped(minimum: Int, kept: Int) {
    #expect(vocabulary(minimum: minimum).count == kept)
  }

  @Test func inverseDocumentFrequencyCountsAllItems() {
    let expected = [4.0, 2, 2, 1].map { log(6 / (1 + $0)) + 1 }
    let found = vocabulary(minimum: 1).inverseDocumentFrequencies
    #expect(zip(expected, found).allSatisfy { abs($0 - Double($1)) < 1e-6 })
  }

  @Test(arguments: [FeatureVocabulary.CountWeighting.logarithmic, .sublinear])
  func rowsAreWeightedAndOfUnitLength(weighting: FeatureVocabulary.CountWeighting) {
    let vocabulary = vocabulary(minimum: 1, weighting: weighting)
    let row = vocabulary.row(for: FeatureCounts(occurrences: [10, 10, 10, 40, 99]))
    func weight(_ count: Double) -> Double {
      weighting == .logarithmic ? log(1 + count) : 1 + log(count)
    }
    let raw = [weight(3) * (log(6.0 / 5) + 1), weight(1) * (log(6.0 / 2) + 1)]
    let length = (raw[0] * raw[0] + raw[1] * raw[1]).squareRoot()
    #expect(row.columns == [0, 3])
    #expect(abs(Double(row.values[0]) - raw[0] / length) < 1e-6)
    #expect(abs(Double(row.values[1]) - raw[1] / length) < 1e-6)
  }

  @Test func unknownFeaturesLeaveAnEmptyRow() {
    let row = vocabulary(minimum: 2).row(for: FeatureCounts(occurrences: [40, 77]))
    #expect(row == SparseRow(columns: [], values: []))
  }

  @Test func matrixHoldsTheRowsInOrder() {
    let vocabulary = vocabulary(minimum: 1)
    let many = (0..<600).map { items[$0 % items.count] }
    let matrix = vocabulary.matrix(for: many)
    #expect(matrix == SparseMatrix(columns: 4, sparseRows: many.map { vocabulary.row(for: $0) }))
  }

  @Test func savedVocabularyIsRestored() throws {
    let fitted = vocabulary(minimum: 1)
    let restored = try #require(
      FeatureVocabulary(
        keys: fitted.keys, inverseDocumentFrequencies: fitted.inverseDocumentFrequencies,
        weighting: fitted.weighting))
    for item in items { #expect(restored.row(for: item) == fitted.row(for: item)) }
  }

  @Test func repeatedKeysAndUnequalCountsAreRefused() {
    #expect(
      FeatureVocabulary(keys: [1, 1], inverseDocumentFrequencies: [1, 1], weighting: .sublinear)
        == nil)
    #expect(
      FeatureVocabulary(keys: [1, 2], inverseDocumentFrequencies: [1], weighting: .sublinear)
        == nil)
  }

  @Test func noItemsGiveNoFeatures() {
    let empty = FeatureVocabulary(
      fitting: [], minimumDocumentFrequency: 1, weighting: .logarithmic)
    #expect(empty.count == 0)
  }
}
