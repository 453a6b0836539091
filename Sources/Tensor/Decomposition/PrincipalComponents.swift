import Foundation

/// The directions of largest variance of the rows of a matrix.
public struct PrincipalComponents: Sendable {
  /// The mean of the rows; [1, columns].
  public let mean: Matrix
  /// The directions as columns, largest variance first; [columns, components].
  public let axes: Matrix

  /// Fits `components` directions, at most one for each column, to at least one row.
  ///
  /// From the eigenvectors of the covariance: O(rows·columns² + columns³).
  public init(of x: Matrix, components: Int) {
    precondition(x.rows > 0 && components > 0, "[\(x.rows), \(x.columns)] to \(components)")
    var mean = x.sumOfRows()
    mean.scale(by: 1 / Float(x.rows))
    self.mean = mean
    let centered = x.subtractingFromRows(mean)
    let vectors = Kernels.symmetricEigen(Kernels.gram(centered)).vectors
    axes = vectors.gatheringRows(Array(0..<min(components, x.columns))).transposed()
  }

  /// The coordinates of rows; [rows, components].
  public func project(_ x: Matrix) -> Matrix {
    Matrix.product(x.subtractingFromRows(mean), axes)
  }
}

extension Matrix {
  /// Every row less a row vector.
  fileprivate func subtractingFromRows(_ row: Matrix) -> Matrix {
    var negative = row
    negative.scale(by: -1)
    var result = self
    result.addToRows(negative)
    return result
  }
}
