import CKernels

extension SparseMatrix {
  /// Width of the panels a dense operand is cut into: four 16-lane registers of sums a row, and
  /// a panel of 10⁵ rows (26 MB) that stays near the last-level cache.
  private static let panelWidth = 64

  /// A·D for a dense D [columns, n] → [rows, n].
  ///
  /// D is copied panel by panel so that the gathered rows of one panel lie close together; all
  /// cores share a panel and split A's rows. O(entries · n).
  public func product(_ dense: Matrix) -> Matrix {
    precondition(dense.rows == columns, "[\(rows), \(columns)] · [\(dense.rows), \(dense.columns)]")
    let n = dense.columns
    let rowTile = max(16, (rows + 63) / 64)
    return unsafe Matrix(uninitializedRows: rows, columns: n) { target in
      for start in stride(from: 0, to: n, by: Self.panelWidth) {
        let width = min(Self.panelWidth, n - start)
        let panel = dense.columns(start..<start + width)
        unsafe panel.values.withUnsafeBufferPointer { panel in
          unsafe offsets.withUnsafeBufferPointer { offsets in
            unsafe columnIndices.withUnsafeBufferPointer { indices in
              unsafe values.withUnsafeBufferPointer { values in
                guard let offsets = offsets.baseAddress else { return }
                guard let panel = panel.baseAddress, let indices = indices.baseAddress,
                  let values = values.baseAddress
                else {
                  for row in 0..<rows {
                    unsafe (target + row * n + start).update(repeating: 0, count: width)
                  }
                  return
                }
                Kernels.forEachRange(rows, by: rowTile) { first, last in
                  unsafe lig_sparse_panel_product(
                    target + start, n, offsets, indices, values, first, last, panel, width)
                }
              }
            }
          }
        }
      }
    }
  }
}
