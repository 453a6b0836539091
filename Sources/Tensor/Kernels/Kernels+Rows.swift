import CKernels

extension Matrix {
  /// Every row divided by its length (at least 10⁻¹²), and the lengths [rows, 1].
  public func normalizedRows() -> (unit: Matrix, norms: Matrix) {
    var norms = Matrix(rows: rows, columns: 1)
    let unit = unitRows(norms: &norms)
    return (unit, norms)
  }

  /// ``normalizedRows()`` without the lengths, which `norms` keeps the storage of.
  package func unitRows(norms: inout Matrix) -> Matrix {
    norms.reshape(rows: rows, columns: 1)
    return unsafe Matrix(uninitializedRows: rows, columns: columns) { target in
      unsafe norms.values.withMutableBase { norms in
        unsafe values.withBase { source in
          Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
            unsafe lig_normalize_rows(
              target + start * columns, norms + start, source + start * columns, end - start,
              columns)
          }
        }
      }
    }
  }

  /// log Σ exp of every row; [rows, 1].
  public func logSumExpOfRows() -> Matrix {
    precondition(columns > 0, "log-sum-exp of empty rows")
    var sums = Matrix(rows: rows, columns: 1)
    unsafe sums.values.withUnsafeMutableBufferPointer { target in
      unsafe values.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress, let sum = target.baseAddress else { return }
        Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
          unsafe lig_log_sum_exp_rows(sum + start, base + start * columns, end - start, columns)
        }
      }
    }
    return sums
  }

  /// Softmax of every row.
  public func softmaxRows() -> Matrix {
    precondition(columns > 0, "softmax of empty rows")
    return unsafe Matrix(uninitializedRows: rows, columns: columns) { target in
      unsafe values.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
          unsafe lig_softmax_rows(
            target + start * columns, base + start * columns, end - start, columns)
        }
      }
    }
  }

  /// The gradient through ``normalizedRows()``; self is the gradient of the unit rows.
  func throughNormalization(unit: Matrix, norms: Matrix) -> Matrix {
    unsafe Matrix(uninitializedRows: rows, columns: columns) { target in
      unsafe values.withUnsafeBufferPointer { gradient in
        unsafe unit.values.withUnsafeBufferPointer { unitRows in
          unsafe norms.values.withUnsafeBufferPointer { lengths in
            guard let g = gradient.baseAddress, let y = unitRows.baseAddress,
              let n = lengths.baseAddress
            else { return }
            Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
              let offset = start * columns
              unsafe lig_normalize_rows_gradient(
                target + offset, g + offset, y + offset, n + start, end - start, columns)
            }
          }
        }
      }
    }
  }
}

extension Matrix {
  /// Adds row i of `source` to row `indices[i]`, in order.
  package mutating func addRows(_ source: Matrix, at indices: [Int]) {
    precondition(
      source.rows == indices.count && source.columns == columns,
      "[\(source.rows), \(source.columns)] at \(indices.count) rows of [\(rows), \(columns)]")
    for index in indices {
      precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
    }
    let (count, width) = (indices.count, columns)
    let tile = count * width < 1 << 14 ? max(1, width) : Kernels.columnTile
    unsafe values.withMutableBase { target in
      unsafe source.values.withBase { source in
        unsafe indices.withBase { indices in
          Kernels.forEachRange(width, by: tile) { first, last in
            unsafe lig_scatter_add_rows(target, source, indices, count, width, first, last)
          }
        }
      }
    }
  }

  /// A matrix of `rows` rows, with this one's rows added at `indices`.
  func scatteringRows(_ indices: [Int], rows: Int) -> Matrix {
    var result = Matrix(rows: rows, columns: columns)
    result.addRows(self, at: indices)
    return result
  }
}
