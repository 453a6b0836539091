import COpenBLAS

extension Kernels {
  /// Sets OpenBLAS to one thread, once: threads belong to the tiles here.
  private static let singleThreadedBLAS: Void = openblas_set_num_threads(1)

  /// One operand of a product: storage, its row stride, and whether it is read transposed.
  struct Operand {
    let values: [Float]
    let stride: Int
    let isTransposed: Bool

    init(_ matrix: Matrix, transposed: Bool) {
      values = matrix.values
      stride = max(1, matrix.columns)
      isTransposed = transposed
    }

    /// Where the element (row, column) of the operand *as read* lies.
    func offset(_ row: Int, _ column: Int) -> Int {
      isTransposed ? column * stride + row : row * stride + column
    }

    var flag: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
  }

  /// C[m, n] = factor · A·B, A and B as read.
  static func product(
    _ a: Operand, _ b: Operand, m: Int, n: Int, k: Int, factor: Float = 1,
    into c: UnsafeMutablePointer<Float>
  ) {
    _ = singleThreadedBLAS
    if m == 0 || n == 0 { return }
    let (rowTile, columnTile) = productTile(m: m, n: n, k: k)
    let columnTiles = (n + columnTile - 1) / columnTile
    let tiles = ((m + rowTile - 1) / rowTile) * columnTiles
    unsafe a.values.withUnsafeBufferPointer { aValues in
      unsafe b.values.withUnsafeBufferPointer { bValues in
        guard let aBase = aValues.baseAddress, let bBase = bValues.baseAddress else {
          unsafe c.update(repeating: 0, count: m * n)
          return
        }
        Parallel.forEach(tiles) { tile in
          let row = tile / columnTiles * rowTile
          let column = tile % columnTiles * columnTile
          unsafe cblas_sgemm(
            CblasRowMajor, a.flag, b.flag, blasint(min(rowTile, m - row)),
            blasint(min(columnTile, n - column)), blasint(k), factor, aBase + a.offset(row, 0),
            blasint(a.stride), bBase + b.offset(0, column), blasint(b.stride),
            0, c + row * n + column, blasint(n))
        }
      }
    }
  }

  /// Tile shape of a product: one tile when small, else about sixteen, none narrower than 64.
  private static func productTile(m: Int, n: Int, k: Int) -> (rows: Int, columns: Int) {
    if m * n * max(1, k) < 1 << 21 { return (m, n) }
    var rows = m
    var columns = n
    var tiles = 1
    while tiles < 16 && (rows >= 128 || columns >= 128) {
      if rows > columns {
        rows = (rows + 1) / 2
      } else {
        columns = (columns + 1) / 2
      }
      tiles *= 2
    }
    return (min(rows, 1024), min(columns, 1024))
  }
}

extension Matrix {
  /// The product of two matrices, each read as it is or transposed.
  ///
  /// Shapes as read: [m, k] · [k, n] → [m, n]. O(m·n·k). With only B transposed and at most 32
  /// rows in A, a row of the product has the same bits whatever the other rows are.
  public static func product(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false,
    factor: Float = 1
  ) -> Matrix {
    let (m, k) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (inner, n) = transposingB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(k == inner, "product of [\(m), \(k)] and [\(inner), \(n)]")
    return unsafe Matrix(uninitializedRows: m, columns: n) { target in
      if transposingB && !transposingA && usesRowKernel(rows: m) {
        unsafe Kernels.smallProduct(DotQueries(a), b, factor: factor, into: target)
        return
      }
      unsafe Kernels.product(
        Kernels.Operand(a, transposed: transposingA), Kernels.Operand(b, transposed: transposingB),
        m: m, n: n, k: k, factor: factor, into: target)
    }
  }

  /// Becomes ``product(_:_:transposingA:transposingB:factor:)`` of x and Wᵀ, to the last bit, in the
  /// storage that is there.
  ///
  /// `x` [m, k], `weight` [n, k] → [m, n]. `laidOut` is x laid out for the kernel of few rows, which
  /// is used where ``usesRowKernel(rows:)`` says so.
  package mutating func setProduct(_ x: Matrix, transposing weight: Matrix, laidOut: DotQueries) {
    let (m, n, k) = (x.rows, weight.rows, x.columns)
    precondition(weight.columns == k, "product of [\(m), \(k)] and [\(n), \(weight.columns)]ᵀ")
    reshape(rows: m, columns: n)
    unsafe values.withMutableBase { target in
      if Self.usesRowKernel(rows: m) {
        precondition(
          laidOut.count == m && laidOut.width == k,
          "[\(laidOut.count), \(laidOut.width)] laid out for [\(m), \(k)]")
        unsafe Kernels.smallProduct(laidOut, weight, into: target)
      } else {
        unsafe Kernels.product(
          Kernels.Operand(x, transposed: false), Kernels.Operand(weight, transposed: true), m: m,
          n: n, k: k, into: target)
      }
    }
  }

  /// Whether a product of so many rows with a transposed matrix is one of few rows.
  package static func usesRowKernel(rows: Int) -> Bool { rows <= Kernels.smallProductRows }
}
