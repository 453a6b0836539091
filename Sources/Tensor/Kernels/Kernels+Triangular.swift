import COpenBLAS

/// Factoring and solving with a large symmetric matrix in place, in tiles whose bounds depend on
/// its size only: the bits are the same on any number of cores.
extension Kernels {
  private static let tile = 512

  /// Replaces the upper triangle of a symmetric positive definite G = RᵀR by R.
  ///
  /// What is below the triangle stays. False when G is not positive definite.
  ///
  /// n³/3 operations, right-looking (Golub and Van Loan 2013, section 4.2.9).
  static func factorCholesky(_ g: inout Matrix) -> Bool {
    precondition(g.rows == g.columns, "Cholesky of [\(g.rows), \(g.columns)]")
    let n = g.rows
    return unsafe g.values.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return true }
      for first in stride(from: 0, to: n, by: tile) {
        let next = min(first + tile, n)
        let diagonal = unsafe base + first * n + first
        var order = Int32(next - first)
        var leading = Int32(n)
        var info: Int32 = 0
        // Column-major lower is row-major upper.
        unsafe spotrf_("L", &order, diagonal, &leading, &info)
        if info > 0 { return false }
        precondition(info == 0, "spotrf refused argument \(-info)")
        forEachRange(n - next, by: 256) { start, end in
          unsafe cblas_strsm(
            CblasRowMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit,
            blasint(next - first), blasint(end - start), 1, diagonal, blasint(n),
            base + first * n + next + start, blasint(n))
        }
        let starts = Array(stride(from: next, to: n, by: tile))
        let tiles = starts.flatMap { row in starts.filter { $0 >= row }.map { (row, $0) } }
        forEachRange(tiles.count, by: 1) { place, _ in
          let (row, column) = tiles[place]
          unsafe cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(min(tile, n - row)),
            blasint(min(tile, n - column)), blasint(next - first), -1, base + first * n + row,
            blasint(n), base + first * n + column, blasint(n), 1, base + row * n + column,
            blasint(n))
        }
      }
      return true
    }
  }

  /// Y := (RᵀR)⁻¹·Y for the upper triangle R [n, n] of a matrix and Y [n, columns].
  static func solveCholesky(upper r: Matrix, _ y: inout Matrix) {
    precondition(
      r.rows == r.columns && r.columns == y.rows,
      "R [\(r.rows), \(r.columns)], Y [\(y.rows), \(y.columns)]")
    let (rows, columns) = (y.rows, y.columns)
    unsafe y.values.withUnsafeMutableBufferPointer { y in
      unsafe r.values.withUnsafeBufferPointer { r in
        guard let base = y.baseAddress else { return }
        forEachRange(columns, by: 64) { start, end in
          for transposed in [CblasTrans, CblasNoTrans] {
            unsafe cblas_strsm(
              CblasRowMajor, CblasLeft, CblasUpper, transposed, CblasNonUnit, blasint(rows),
              blasint(end - start), 1, r.baseAddress, blasint(rows), base + start,
              blasint(columns))
          }
        }
      }
    }
  }

  /// Columns `range` of R⁻¹ for the upper triangle R of a matrix; [range.upperBound, range.count],
  /// all rows below being zero.
  static func inverseColumns(_ range: Range<Int>, ofUpper r: Matrix) -> Matrix {
    var columns = Matrix(rows: range.upperBound, columns: range.count)
    for column in range { columns[column, column - range.lowerBound] = 1 }
    let leading = r.columns
    unsafe columns.values.withUnsafeMutableBufferPointer { columns in
      unsafe r.values.withUnsafeBufferPointer { r in
        unsafe cblas_strsm(
          CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit,
          blasint(range.upperBound), blasint(range.count), 1, r.baseAddress,
          blasint(leading), columns.baseAddress, blasint(range.count))
      }
    }
    return columns
  }
}
