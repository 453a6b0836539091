/// The leading singular values and right vectors of a sparse matrix.
///
/// Randomised subspace iteration: Halko, Martinsson, Tropp, "Finding structure with randomness",
/// SIAM Review 2011, algorithms 4.4 and 5.1. The basis is kept on the side of the rows; the small
/// problem is the symmetric eigenproblem of BBᵀ, B = QᵀA, rather than the SVD of B, because it
/// needs products only. Values below about 10⁻³ of the largest lose relative accuracy by that.
public struct TruncatedSVD: Sendable {
  /// Singular values, descending; [components].
  public let singularValues: [Float]
  /// Right singular vectors as columns; [columns, components].
  public let rightVectors: Matrix
  /// The mean entry of each left singular vector; [components].
  ///
  /// With the singular values it gives the standard deviation of each coordinate without another pass over the data.
  public let leftMeans: [Float]

  /// How the decomposition is computed.
  public struct Configuration: Sendable, Equatable, Codable {
    /// How many components are wanted; fewer are returned when the matrix is smaller.
    public var components: Int
    /// Extra basis vectors that are thrown away at the end.
    public var oversampling: Int = 32
    /// Subspace iterations: each multiplies by AAᵀ once.
    public var iterations: Int = 2
    /// Seed of the Gaussian start.
    public var seed: UInt64

    /// The default oversampling and iterations.
    public init(components: Int, seed: UInt64) {
      self.components = components
      self.seed = seed
    }
  }

  /// Decomposes `a`; `progress` receives the finished share, 0...1.
  public init(
    of a: SparseMatrix, configuration: Configuration, progress: (Double) -> Void = { _ in }
  ) {
    precondition(configuration.components > 0, "no components are wanted")
    let rank = min(a.rows, a.columns)
    precondition(rank > 0, "an empty matrix has no singular values")
    let width = min(rank, configuration.components + configuration.oversampling)
    let kept = min(rank, configuration.components)
    let steps = Double(2 * configuration.iterations + 3)
    let transposed = a.transposed()

    var random = RandomSource(seed: configuration.seed)
    var basis = a.product(random.normal(rows: a.columns, columns: width, standardDeviation: 1))
    basis.orthonormalizeColumns()
    progress(1 / steps)
    for iteration in 0..<configuration.iterations {
      let image = transposed.product(basis)
      progress(Double(2 * iteration + 2) / steps)
      basis = a.product(image)
      basis.orthonormalizeColumns()
      progress(Double(2 * iteration + 3) / steps)
    }
    let image = transposed.product(basis)
    progress((steps - 1) / steps)

    let (squares, vectors) = Kernels.symmetricEigen(Kernels.gram(image))
    singularValues = squares.prefix(kept).map { max($0, 0).squareRoot() }
    var rotation = vectors.gatheringRows(Array(0..<kept))
    leftMeans = Self.meanEntries(of: basis, rotatedBy: rotation)
    for component in 0..<kept {
      let value = singularValues[component]
      let inverse = value > 0 ? 1 / value : 0
      for column in 0..<width { rotation[component, column] *= inverse }
    }
    rightVectors = Matrix.product(image, rotation, transposingB: true)
    progress(1)
  }

  private static func meanEntries(of basis: Matrix, rotatedBy rotation: Matrix) -> [Float] {
    var means = basis.sumOfRows()
    means.scale(by: 1 / Float(basis.rows))
    return Matrix.product(means, rotation, transposingB: true).values
  }
}
