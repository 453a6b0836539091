package import Tensor

/// Embeddings of training texts, kept to tell how far queries have moved away from them.
package struct DriftReference: Sendable, Equatable {
  /// Texts of ``sample`` at most.
  package static let sampleLimit = 1000
  /// Texts of ``mean`` at most.
  static let meanLimit = 10_000

  /// The mean of unit vectors; [1, d].
  package let mean: Matrix
  /// Some of these vectors; [n, d].
  package let sample: Matrix
  /// What the texts were drawn by.
  package let seed: UInt64

  /// A reference of at least one text.
  package init(mean: Matrix, sample: Matrix, seed: UInt64) {
    precondition(
      mean.rows == 1 && mean.columns == sample.columns && sample.rows >= 1,
      "mean [\(mean.rows), \(mean.columns)], sample [\(sample.rows), \(sample.columns)]")
    self.mean = mean
    self.sample = sample
    self.seed = seed
  }

  /// A reference of unit vectors [n, d], of which the first are its sample.
  package init(texts vectors: Matrix, seed: UInt64) {
    self.init(
      mean: vectors.meanOfRows(),
      sample: vectors.gatheringRows(Array(0..<min(vectors.rows, Self.sampleLimit))), seed: seed)
  }
}

extension Matrix {
  /// The mean of all rows, at least one; [1, columns].
  func meanOfRows() -> Matrix {
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for (column, value) in self.row(row).enumerated() { sums[column] += Double(value) }
    }
    return Matrix(rows: 1, columns: columns, values: sums.map { Float($0 / Double(rows)) })
  }
}
