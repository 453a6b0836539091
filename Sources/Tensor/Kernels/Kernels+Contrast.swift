import CKernels

extension Kernels {
  /// Takes the rows of a strip into the running Σ exp of each column.
  static func addColumnExpSums(of strip: Matrix, peaks: inout [Float], sums: inout [Float]) {
    let (rows, columns) = (strip.rows, strip.columns)
    precondition(peaks.count == columns && sums.count == columns, "sums of \(columns) columns")
    unsafe peaks.withUnsafeMutableBufferPointer { peaks in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe strip.values.withUnsafeBufferPointer { x in
          guard let peaks = peaks.baseAddress, let sums = sums.baseAddress,
            let x = x.baseAddress
          else { return }
          forEachRange(columns, by: 512) { first, last in
            unsafe lig_column_exp_sums(
              peaks + first, sums + first, x + first, columns, rows, last - first)
          }
        }
      }
    }
  }

  /// Turns a strip of logits into their gradients; returns Σ gradient · logit.
  static func contrastGradient(
    of strip: inout Matrix, firstRow: Int, rowSums: [Float], columnSums: [Float], factor: Float
  ) -> Double {
    let (rows, columns) = (strip.rows, strip.columns)
    precondition(
      rowSums.count == columns && columnSums.count == columns && firstRow + rows <= columns,
      "rows \(firstRow)..<\(firstRow + rows) of \(columns)")
    var slopes = [Double](repeating: 0, count: rows)
    unsafe slopes.withUnsafeMutableBufferPointer { slopes in
      unsafe strip.values.withUnsafeMutableBufferPointer { x in
        unsafe rowSums.withUnsafeBufferPointer { rowSums in
          unsafe columnSums.withUnsafeBufferPointer { columnSums in
            guard let slopes = slopes.baseAddress, let x = x.baseAddress,
              let rowSums = rowSums.baseAddress, let columnSums = columnSums.baseAddress
            else { return }
            forEachRange(rows, by: rowTile(width: columns)) { first, last in
              unsafe lig_contrast_gradient(
                x + first * columns, slopes + first, rowSums + firstRow + first, columnSums,
                firstRow + first, last - first, columns, factor)
            }
          }
        }
      }
    }
    return slopes.reduce(0, +)
  }
}
