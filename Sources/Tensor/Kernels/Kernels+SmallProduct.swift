import CKernels

extension Kernels {
  /// The most rows of A for which ``smallProduct(_:_:factor:into:)`` is used.
  ///
  /// Measured against the general product in the same run on Zen 4: for B [2048, 2048] 1.2 times
  /// as fast for one row of A, 4 for four, 3.3 for eight, 2.4 for sixteen, 1.8 for 32; for
  /// B [5000, 128] 3 down to 1.05 and below 1 from 48 rows on. Products of a few microseconds
  /// lose up to half their speed; they stay here so that one rule holds for a row's bits.
  static let smallProductRows = 32

  /// C[m, n] = factor · A·Bᵀ for few rows of A [m, k] and a B [n, k] that is read once.
  ///
  /// The general product first copies all of B into panels, which costs more than the arithmetic
  /// when A has few rows. A row of C has the same bits whatever the other rows of A are.
  static func smallProduct(
    _ a: DotQueries, _ b: Matrix, factor: Float = 1, into c: UnsafeMutablePointer<Float>
  ) {
    let (m, n, k) = (a.count, b.rows, a.width)
    if k == 0 {
      unsafe c.update(repeating: 0, count: m * n)
      return
    }
    unsafe b.values.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      forEachRange(n, by: columnTile(m: m, n: n, k: k)) { start, end in
        unsafe a.withPack { pack in
          unsafe lig_dots_float(
            c + start, n, pack, m, rows + start * k, nil, end - start, k)
        }
        if factor == 1 { return }
        for row in 0..<m {
          for column in start..<end { unsafe c[row * n + column] *= factor }
        }
      }
    }
  }

  /// Columns of C in a tile: all when the product is small, else a sixteenth, whole kernel tiles.
  private static func columnTile(m: Int, n: Int, k: Int) -> Int {
    if m * n * k < 1 << 20 { return max(1, n) }
    return (n + 191) / 192 * 12
  }
}
