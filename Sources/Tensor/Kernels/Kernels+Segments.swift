import CKernels

extension Kernels {
  /// Columns of a tile where cores share rows but not columns: sums then keep one order.
  static let columnTile = 32
}

extension Matrix {
  /// Rows of this matrix in the order of `indices`; [indices.count, columns].
  func gatheringRows(at indices: [Int32]) -> Matrix {
    for index in indices {
      precondition(index >= 0 && Int(index) < rows, "row \(index) of \(rows)")
    }
    let (count, width) = (indices.count, columns)
    return unsafe Matrix(uninitializedRows: count, columns: width) { target in
      unsafe values.withBase { table in
        unsafe indices.withBase { indices in
          Kernels.forEachRange(count, by: Kernels.rowTile(width: width)) { start, end in
            unsafe lig_gather_rows(
              target + start * width, table, indices + start, end - start, width)
          }
        }
      }
    }
  }

  /// The transposed operation: a table of `tableRows` rows, row i here added to `indices[i]`.
  func scatteringRows(to indices: [Int32], tableRows: Int) -> Matrix {
    precondition(indices.count == rows, "\(indices.count) indices for \(rows) rows")
    for index in indices {
      precondition(index >= 0 && Int(index) < tableRows, "row \(index) of \(tableRows)")
    }
    var table = Matrix(rows: tableRows, columns: columns)
    let (count, width) = (rows, columns)
    unsafe table.values.withMutableBase { target in
      unsafe values.withBase { source in
        unsafe indices.withBase { indices in
          Kernels.forEachRange(width, by: Kernels.columnTile) { first, last in
            unsafe lig_scatter_add_rows(target, source, indices, count, width, first, last)
          }
        }
      }
    }
    return table
  }

  /// The sum of each segment's rows, divided by their number if `mean`; [segments.count, columns].
  func segmentSums(_ segments: Segments, mean: Bool) -> Matrix {
    precondition(segments.rowCount == rows, "segments of \(segments.rowCount) rows for \(rows)")
    let width = columns
    return unsafe Matrix(uninitializedRows: segments.count, columns: width) { target in
      unsafe values.withBase { source in
        unsafe segments.offsets.withBase { offsets in
          Kernels.forEachRange(segments.count, by: 32) { first, last in
            unsafe lig_segment_sum(target, source, offsets, first, last, width, mean ? 1 : 0)
          }
        }
      }
    }
  }

  /// The gradient through ``segmentSums(_:mean:)``; self is the gradient of the sums.
  func throughSegmentSums(_ segments: Segments, mean: Bool) -> Matrix {
    let width = columns
    return unsafe Matrix(uninitializedRows: segments.rowCount, columns: width) { target in
      unsafe values.withBase { source in
        unsafe segments.offsets.withBase { offsets in
          Kernels.forEachRange(segments.count, by: 32) { first, last in
            unsafe lig_segment_sum_gradient(
              target, source, offsets, first, last, width, mean ? 1 : 0)
          }
        }
      }
    }
  }
}
