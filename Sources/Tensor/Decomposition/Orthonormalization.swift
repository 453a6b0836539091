extension Matrix {
  /// Replaces the columns by an orthonormal basis of their span.
  ///
  /// Shifted Cholesky QR, repeated (Fukaya, Kannan, Nakatsukasa, Yamamoto, Yanagisawa: "Shifted
  /// Cholesky QR for computing the QR factorization of ill-conditioned matrices", SIAM J. Sci.
  /// Comput. 2020). All work is matrix products, so it runs on every core; the shift grows tenfold
  /// until the Gram matrix factors, and passes follow until one needed no shift.
  /// O(rows · columns²) a pass.
  mutating func orthonormalizeColumns() {
    let passes = 4
    var cleanPasses = 0
    for _ in 0..<passes where cleanPasses < 2 {
      let gram = Kernels.gram(self)
      var trace: Float = 0
      for index in 0..<gram.rows { trace += gram[index, index] }
      var shift: Float = 0
      var factor = Kernels.choleskyFactor(gram)
      if factor != nil { cleanPasses += 1 }
      while factor == nil {
        shift = shift == 0 ? max(trace, .leastNormalMagnitude) * 1e-7 : shift * 10
        var shifted = gram
        for index in 0..<gram.rows { shifted[index, index] += shift }
        factor = Kernels.choleskyFactor(shifted)
        precondition(shift.isFinite, "the columns are not finite")
      }
      if let factor { Kernels.solveRight(&self, upper: factor) }
    }
  }
}
