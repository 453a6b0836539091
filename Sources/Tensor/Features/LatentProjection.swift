import Foundation

/// A view of an item by latent semantic analysis: sparse weighted features times a fitted table.
///
/// Source: Deerwester et al., "Indexing by latent semantic analysis", JASIS 1990; coordinates are
/// divided by std^p · mean(std)^(1 − p), which whitens them partly (p = 0 not at all, p = 1 fully).
public struct LatentProjection: Sendable {
  /// What is fitted.
  public struct Configuration: Sendable, Equatable, Codable {
    /// The width d of the view.
    public var components: Int
    /// How far coordinates are whitened: the exponent p, 0...1.
    ///
    /// Without whitening the tail of the spectrum stays quiet.
    public var whitening: Float = 0
    /// Features in fewer items are dropped.
    public var minimumDocumentFrequency: Int
    /// No more features than this, those that weigh most in the items; 0 keeps them all.
    ///
    /// Features that always occur together count as one.
    public var maximumFeatures = 0
    /// How counts are weighted.
    public var weighting: FeatureVocabulary.CountWeighting
    /// Subspace iterations of the decomposition.
    public var iterations: Int = 2

    /// The default whitening and iterations.
    public init(
      components: Int, minimumDocumentFrequency: Int, weighting: FeatureVocabulary.CountWeighting
    ) {
      self.components = components
      self.minimumDocumentFrequency = minimumDocumentFrequency
      self.weighting = weighting
    }
  }

  /// The features known and their weights.
  public let vocabulary: FeatureVocabulary
  /// One row for each feature, [features, d], scaled for use.
  public let table: HalfMatrix

  /// Joins a vocabulary with its table; one table row a feature.
  public init(vocabulary: FeatureVocabulary, table: HalfMatrix) {
    precondition(
      vocabulary.count == table.rows, "\(table.rows) rows for \(vocabulary.count) features")
    self.vocabulary = vocabulary
    self.table = table
  }

  /// Fits vocabulary and table to the items; nil when no feature is frequent enough.
  public init?(
    fitting items: [FeatureCounts], configuration: Configuration, seed: UInt64,
    progress: (Double) -> Void = { _ in }
  ) {
    var vocabulary = FeatureVocabulary(
      fitting: items, minimumDocumentFrequency: configuration.minimumDocumentFrequency,
      weighting: configuration.weighting)
    if configuration.maximumFeatures > 0 {
      vocabulary = vocabulary.pruned(to: configuration.maximumFeatures, for: items)
    }
    guard vocabulary.count > 0 else { return nil }
    var decomposition = TruncatedSVD.Configuration(
      components: configuration.components, seed: seed)
    decomposition.iterations = configuration.iterations
    let svd = TruncatedSVD(
      of: vocabulary.matrix(for: items), configuration: decomposition, progress: progress)
    let scales = Self.scales(of: svd, items: items.count, whitening: configuration.whitening)
    var table = svd.rightVectors
    table.scaleColumns(by: scales)
    self.init(vocabulary: vocabulary, table: HalfMatrix(rounding: table))
  }

  /// The width d of the view.
  public var width: Int { table.columns }

  /// The views of many items; [items.count, d], computed in parallel.
  ///
  /// An item without a known feature has the zero view.
  public func views(of items: [FeatureCounts]) -> Matrix {
    var views = Matrix(rows: items.count, columns: width)
    var rows: [SparseRow] = []
    writeViews(of: items.count, into: &views, column: 0, rows: &rows) { items[$0] }
    return views
  }

  /// Writes ``views(of:)`` into columns `column..<column + d` of a matrix of as many rows.
  ///
  /// `rows` keeps the storage of the weighted rows from call to call.
  package func writeViews(
    of count: Int, into target: inout Matrix, column: Int, rows: inout [SparseRow],
    _ item: (Int) -> FeatureCounts
  ) {
    if rows.count < count {
      rows.append(
        contentsOf: repeatElement(SparseRow(columns: [], values: []), count: count - rows.count))
    }
    unsafe rows.withUnsafeMutableBufferPointer { rows in
      Kernels.forEachRange(count, by: 16) { start, end in
        for index in start..<end { unsafe vocabulary.fill(&rows[index], for: item(index)) }
      }
    }
    table.writeWeightedSums(rows, count: count, into: &target, column: column)
  }

  private static func scales(of svd: TruncatedSVD, items: Int, whitening: Float) -> [Float] {
    // Coordinate j of item i is σⱼ·uᵢⱼ and the columns of U have length 1.
    let deviations = zip(svd.singularValues, svd.leftMeans).map { value, mean in
      value * max(1 / Float(items) - mean * mean, 1e-12 / Float(items)).squareRoot()
    }
    let mean = max(deviations.reduce(0, +) / Float(deviations.count), .leastNormalMagnitude)
    // A component without spread carries nothing: leave it at zero rather than blow up its noise.
    return deviations.map { deviation in
      deviation < 1e-4 * mean ? 0 : 1 / (pow(deviation, whitening) * pow(mean, 1 - whitening))
    }
  }
}

extension Matrix {
  /// Multiplies column j by `factors[j]`.
  fileprivate mutating func scaleColumns(by factors: [Float]) {
    precondition(factors.count == columns, "\(factors.count) factors for \(columns) columns")
    let columns = columns
    for row in 0..<rows {
      for column in 0..<columns { values[row * columns + column] *= factors[column] }
    }
  }
}
