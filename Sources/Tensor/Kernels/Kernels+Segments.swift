import CKernels

extension Kernels {
  /// Columns of a tile where cores share rows but not columns: sums then keep one order.
  static let columnTile = 32
}

extension Matrix {
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
