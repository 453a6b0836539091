extension Matrix {
  /// Replaces the columns by an orthonormal basis of their span.
  ///
  /// Shifted Cholesky QR, repeated (Fukaya, Kannan, Nakatsukasa, Yamamoto, Yanagisawa: "Shifted
  /// Cholesky QR for computing the QR factorization of ill-conditioned matrices", SIAM J. Sci.
  /// Comput. 2020). All work is matrix products, so it runs on every core; the shift grows tenfold
  /// until the Gram matrix factors, and the last pass is one that began near the goal. Dependent
  /// columns become unit vectors made of rounding noise, orthogonal to the rest; columns of zeros
  /// stay. O(rows · columns²) a pass; two passes for a well-conditioned matrix.
  package mutating func orthonormalizeColumns() {
    let mostPasses = 10
    for _ in 0..<mostPasses {
      let gram = Kernels.gram(self)
      let wasNear = gram.isNearIdentity
      Kernels.solveRight(&self, upper: Self.shiftedFactor(gram))
      if wasNear { return }
    }
  }

  /// The Cholesky factor of G + s·I for the least s tried that has one, 0 first.
  private static func shiftedFactor(_ gram: Matrix) -> Matrix {
    if let factor = Kernels.choleskyFactor(gram) { return factor }
    var trace: Float = 0
    for index in 0..<gram.rows { trace += gram[index, index] }
    var shift = max(trace, .leastNormalMagnitude) * 1e-7
    while true {
      precondition(shift.isFinite, "the columns are not finite")
      var shifted = gram
      for index in 0..<gram.rows { shifted[index, index] += shift }
      if let factor = Kernels.choleskyFactor(shifted) { return factor }
      shift *= 10
    }
  }

  /// Whether every row of G − I has an absolute sum below 1/2: one pass then reaches full accuracy.
  private var isNearIdentity: Bool {
    (0..<rows).allSatisfy { index in
      let departure = row(index).reduce(0) { $0 + abs($1) } - abs(self[index, index])
      return departure + abs(self[index, index] - 1) < 0.5
    }
  }
}
