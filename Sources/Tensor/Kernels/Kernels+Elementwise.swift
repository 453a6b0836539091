import CKernels

extension Matrix {
  /// A new matrix of the same shape, written tile by tile from this one.
  func mapTiles(
    _ body: (_ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, _ count: Int)
      -> Void
  ) -> Matrix {
    unsafe Matrix(uninitializedRows: rows, columns: columns) { target in
      unsafe values.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        Kernels.forEachRange(values.count, by: Kernels.elementTile) { start, end in
          unsafe body(target + start, base + start, end - start)
        }
      }
    }
  }

  /// Updates this matrix tile by tile beside another of the same shape.
  mutating func updateTiles(
    with other: Matrix,
    _ body: (_ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, _ count: Int)
      -> Void
  ) {
    precondition(
      rows == other.rows && columns == other.columns,
      "[\(rows), \(columns)] beside [\(other.rows), \(other.columns)]")
    unsafe values.withUnsafeMutableBufferPointer { target in
      unsafe other.values.withUnsafeBufferPointer { source in
        guard let targetBase = target.baseAddress, let sourceBase = source.baseAddress else {
          return
        }
        Kernels.forEachRange(target.count, by: Kernels.elementTile) { start, end in
          unsafe body(targetBase + start, sourceBase + start, end - start)
        }
      }
    }
  }

  /// GELU of every value, tanh form (Hendrycks & Gimpel 2016, section 2).
  public func gelu() -> Matrix {
    unsafe mapTiles { target, source, count in unsafe lig_gelu(target, source, count) }
  }

  /// Becomes ``gelu()`` of another matrix, in the storage that is there.
  package mutating func setGELU(of x: Matrix) {
    reshape(rows: x.rows, columns: x.columns)
    unsafe updateTiles(with: x) { target, source, count in unsafe lig_gelu(target, source, count) }
  }

  /// Multiplies each value by GELU's derivative at the matching value of `x`.
  mutating func multiplyByGELUDerivative(at x: Matrix) {
    unsafe updateTiles(with: x) { gradient, x, count in unsafe lig_gelu_gradient(gradient, x, count)
    }
  }

  /// Adds factor · other.
  public mutating func add(_ other: Matrix, factor: Float = 1) {
    unsafe updateTiles(with: other) { target, source, count in
      unsafe lig_add_scaled(target, source, factor, count)
    }
  }

  /// Zeroes each value with probability `rate` and scales the rest by 1/(1 − rate).
  ///
  /// The mask depends on the seed and the position only (Srivastava et al. 2014, inverted form).
  mutating func applyDropout(rate: Float, seed: UInt64) {
    precondition(rate >= 0 && rate < 1, "dropout rate \(rate) is not in 0..<1")
    if rate == 0 { return }
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      Kernels.forEachRange(buffer.count, by: Kernels.elementTile) { start, end in
        unsafe lig_dropout(base + start, end - start, seed, UInt64(start), rate)
      }
    }
  }

  /// Adds a row vector [1, columns] to every row.
  package mutating func addToRows(_ row: Matrix) {
    precondition(
      row.rows == 1 && row.columns == columns,
      "bias [\(row.rows), \(row.columns)] for [\(rows), \(columns)]")
    let (rows, columns) = (rows, columns)
    unsafe values.withUnsafeMutableBufferPointer { target in
      unsafe row.values.withUnsafeBufferPointer { source in
        guard let base = target.baseAddress, let bias = source.baseAddress else { return }
        Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
          for index in start..<end {
            unsafe lig_add_scaled(base + index * columns, bias, 1, columns)
          }
        }
      }
    }
  }

  /// Adds another matrix of as many rows to the columns from `column` on.
  package mutating func add(_ other: Matrix, atColumn column: Int) {
    precondition(
      other.rows == rows && column >= 0 && column + other.columns <= columns,
      "[\(other.rows), \(other.columns)] at column \(column) of [\(rows), \(columns)]")
    let (rows, columns, width) = (rows, columns, other.columns)
    unsafe values.withMutableBase { target in
      unsafe other.values.withBase { source in
        Kernels.forEachRange(rows, by: Kernels.rowTile(width: width)) { start, end in
          for row in start..<end {
            unsafe lig_add_scaled(
              target + row * columns + column, source + row * width, 1, width)
          }
        }
      }
    }
  }

  /// The sum of all rows; [1, columns].
  package func sumOfRows() -> Matrix {
    var total = Matrix(rows: 1, columns: columns)
    unsafe total.values.withUnsafeMutableBufferPointer { target in
      unsafe values.withUnsafeBufferPointer { source in
        guard let sum = target.baseAddress, let base = source.baseAddress else { return }
        for index in 0..<rows { unsafe lig_add_scaled(sum, base + index * columns, 1, columns) }
      }
    }
    return total
  }

  /// Multiplies every value by a factor.
  package mutating func scale(by factor: Float) {
    for index in values.indices { values[index] *= factor }
  }

  /// Σ aᵢⱼ·bᵢⱼ in double precision over blocks.
  public func dot(_ other: Matrix) -> Double {
    precondition(
      rows == other.rows && columns == other.columns,
      "dot of [\(rows), \(columns)] and [\(other.rows), \(other.columns)]")
    return unsafe values.withUnsafeBufferPointer { a in
      unsafe other.values.withUnsafeBufferPointer { b in
        guard let aBase = a.baseAddress, let bBase = b.baseAddress else { return 0 }
        return unsafe lig_dot(aBase, bBase, a.count)
      }
    }
  }
}
