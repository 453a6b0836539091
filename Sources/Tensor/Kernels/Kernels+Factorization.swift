import COpenBLAS

extension Kernels {
  /// The symmetric product YᵀY, both triangles; [columns, columns].
  static func gram(_ y: Matrix) -> Matrix {
    Matrix.product(y, y, transposingA: true)
  }

  /// The upper factor R of a symmetric positive definite G = RᵀR; nil when G is not.
  static func choleskyFactor(_ g: Matrix) -> Matrix? {
    precondition(g.rows == g.columns, "Cholesky of [\(g.rows), \(g.columns)]")
    var factor = g
    var order = Int32(g.rows)
    var leading = order
    var info: Int32 = 0
    unsafe factor.values.withUnsafeMutableBufferPointer { buffer in
      // Column-major lower is row-major upper.
      unsafe spotrf_("L", &order, buffer.baseAddress, &leading, &info)
    }
    if info > 0 { return nil }
    precondition(info == 0, "spotrf refused argument \(-info)")
    for row in 0..<factor.rows {
      for column in 0..<row { factor[row, column] = 0 }
    }
    return factor
  }

  /// Y·R⁻¹ in place for an upper triangular R, rows in parallel.
  static func solveRight(_ y: inout Matrix, upper r: Matrix) {
    precondition(
      r.rows == y.columns && r.columns == y.columns,
      "R [\(r.rows), \(r.columns)] for Y [\(y.rows), \(y.columns)]")
    let (rows, columns) = (y.rows, y.columns)
    unsafe y.values.withUnsafeMutableBufferPointer { y in
      unsafe r.values.withUnsafeBufferPointer { r in
        guard let base = y.baseAddress else { return }
        forEachRange(rows, by: max(64, (rows + 31) / 32)) { start, end in
          unsafe cblas_strsm(
            CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit,
            blasint(end - start), blasint(columns), 1, r.baseAddress, blasint(columns),
            base + start * columns, blasint(columns))
        }
      }
    }
  }

  /// Eigenvalues, descending, and eigenvectors of a symmetric matrix.
  ///
  /// Row i of `vectors` belongs to value i. LAPACK's divide and conquer (ssyevd).
  static func symmetricEigen(_ g: Matrix) -> (values: [Float], vectors: Matrix) {
    precondition(g.rows == g.columns && g.rows > 0, "eigenvalues of [\(g.rows), \(g.columns)]")
    let n = g.rows
    var vectors = g
    var values = [Float](repeating: 0, count: n)
    var order = Int32(n)
    var leading = order
    var info: Int32 = 0
    var workSize = Int32(1 + 6 * n + 2 * n * n)
    var integerSize = Int32(3 + 5 * n)
    var work = [Float](repeating: 0, count: Int(workSize))
    var integers = [Int32](repeating: 0, count: Int(integerSize))
    unsafe vectors.values.withUnsafeMutableBufferPointer { buffer in
      unsafe ssyevd_(
        "V", "L", &order, buffer.baseAddress, &leading, &values, &work, &workSize, &integers,
        &integerSize, &info)
    }
    // Finite symmetric input always converges; anything else is our own mistake.
    precondition(info == 0, "ssyevd failed with \(info)")
    // Column-major columns are row-major rows; LAPACK's order ascends.
    let descending = Array((0..<n).reversed())
    return (descending.map { values[$0] }, vectors.gatheringRows(descending))
  }
}
