import Foundation
import Tensor
import Testing

struct LatentProjectionTests {
  /// Items about one of five topics each, with words of their own mixed in.
  private func items(_ count: Int, seed: UInt64) -> [FeatureCounts] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { number in
      FeatureCounts(
        occurrences: (0..<12).map { _ in
          source.next() % 4 == 0
            ? 100 + source.next() % 40 : UInt64(number % 5) * 8 + source.next() % 8
        })
    }
  }

  private func configuration(
    components: Int, whitening: Float = 0.3, minimum: Int = 2
  ) -> LatentProjection.Configuration {
    var configuration = LatentProjection.Configuration(
      components: components, minimumDocumentFrequency: minimum, weighting: .logarithmic)
    configuration.whitening = whitening
    // The sixth singular value lies close to the seventh: let the subspace converge.
    configuration.iterations = 8
    return configuration
  }

  /// The standard deviation of each column.
  private func deviations(_ views: Matrix) -> [Double] {
    let columns = DoubleMatrix(views).transposed()
    return (0..<columns.rows).map { index in
      let column = columns.row(index)
      let mean = column.reduce(0, +) / Double(column.count)
      return (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count))
        .squareRoot()
    }
  }

  @Test func fullyWhitenedViewsHaveUnitDeviation() throws {
    let items = items(300, seed: 1)
    let projection = try #require(
      LatentProjection(
        fitting: items, configuration: configuration(components: 6, whitening: 1), seed: 2))
    #expect(projection.width == 6)
    for deviation in deviations(projection.views(of: items)) {
      // The table has 11 significant bits.
      #expect(abs(deviation - 1) < 2e-3)
    }
  }

  @Test(arguments: [Float(0), 0.3, 0.7])
  func partlyWhitenedDeviationsAreThePowerOfThePlainOnes(whitening: Float) throws {
    let items = items(300, seed: 3)
    let plain = try #require(
      LatentProjection(
        fitting: items, configuration: configuration(components: 6, whitening: 0), seed: 2))
    let partly = try #require(
      LatentProjection(
        fitting: items, configuration: configuration(components: 6, whitening: whitening), seed: 2)
    )
    // With p = 0 every deviation is divided by their mean: ratios to the mean remain.
    let ratios = deviations(plain.views(of: items))
    #expect(abs(ratios.reduce(0, +) / 6 - 1) < 2e-3)
    for (found, ratio) in zip(deviations(partly.views(of: items)), ratios) {
      #expect(abs(found - pow(ratio, Double(1 - whitening))) < 5e-3)
    }
  }

  @Test func itemWithoutKnownFeaturesHasTheZeroView() throws {
    let items = items(50, seed: 4)
    let projection = try #require(
      LatentProjection(fitting: items, configuration: configuration(components: 3), seed: 1))
    let views = projection.views(of: [
      FeatureCounts(occurrences: [987_654_321]), items[0], FeatureCounts(occurrences: []),
    ])
    #expect(views.row(0).allSatisfy { $0 == 0 } && views.row(2).allSatisfy { $0 == 0 })
    #expect(Array(views.row(1)) == Array(projection.views(of: items).row(0)))
    #expect(projection.views(of: []) == Matrix(rows: 0, columns: 3))
  }

  @Test func noFrequentFeatureGivesNoProjection() {
    let items = [FeatureCounts(occurrences: [1]), FeatureCounts(occurrences: [2])]
    #expect(
      LatentProjection(fitting: items, configuration: configuration(components: 2), seed: 1)
        == nil)
    #expect(
      LatentProjection(fitting: [], configuration: configuration(components: 2), seed: 1) == nil)
  }

  @Test func heaviestFeaturesAreKeptAndJoined() throws {
    // 1 and 2 occur in the same items; 5 in all, where it weighs little beside the others.
    let items = [
      [1, 2, 5], [1, 1, 1, 2, 5], [1, 2, 5, 3], [5, 3], [5, 5, 4], [5, 4, 4],
    ].map { FeatureCounts(occurrences: $0.map { UInt64($0) }) }
    var settings = configuration(components: 2, minimum: 1)
    let all = try #require(LatentProjection(fitting: items, configuration: settings, seed: 1))
    #expect(all.vocabulary.keys == [5, 1, 2, 3, 4])
    settings.maximumFeatures = 2
    let pruned = try #require(LatentProjection(fitting: items, configuration: settings, seed: 1))
    #expect(pruned.vocabulary.keys == [1, 4])
    #expect(pruned.table.rows == 2)
    let idf = all.vocabulary.inverseDocumentFrequencies
    let joined = (idf[1] * idf[1] + idf[2] * idf[2]).squareRoot()
    #expect(abs(pruned.vocabulary.inverseDocumentFrequencies[0] - joined) < 1e-6)
    #expect(pruned.vocabulary.inverseDocumentFrequencies[1] == idf[4])
  }

  @Test(arguments: [0, 5, 100])
  func limitThatIsNotReachedChangesNothing(limit: Int) throws {
    let items = [[1, 2, 5], [1, 2, 5, 3], [5, 3], [5, 4], [4]].map {
      FeatureCounts(occurrences: $0.map { UInt64($0) })
    }
    var settings = configuration(components: 2, minimum: 1)
    let all = try #require(LatentProjection(fitting: items, configuration: settings, seed: 1))
    settings.maximumFeatures = limit
    let limited = try #require(LatentProjection(fitting: items, configuration: settings, seed: 1))
    #expect(limited.vocabulary.keys == all.vocabulary.keys && limited.table == all.table)
  }

  @Test func equalItemsAndSeedsGiveEqualTables() throws {
    let items = items(80, seed: 5)
    let tables = try (0..<2).map { _ in
      try #require(
        LatentProjection(fitting: items, configuration: configuration(components: 4), seed: 9)
      ).table
    }
    #expect(tables[0] == tables[1])
  }

  @Test func itemsWithoutSpreadHaveFiniteViews() throws {
    let items = [FeatureCounts](repeating: FeatureCounts(occurrences: [1, 2, 3]), count: 6)
    let projection = try #require(
      LatentProjection(fitting: items, configuration: configuration(components: 3), seed: 1))
    #expect(projection.views(of: items).values.allSatisfy { $0.isFinite })
  }

  @Test func restoredProjectionGivesTheSameViews() throws {
    let items = items(60, seed: 6)
    let fitted = try #require(
      LatentProjection(fitting: items, configuration: configuration(components: 4), seed: 3))
    let restored = LatentProjection(vocabulary: fitted.vocabulary, table: fitted.table)
    #expect(restored.views(of: items) == fitted.views(of: items))
  }
}
