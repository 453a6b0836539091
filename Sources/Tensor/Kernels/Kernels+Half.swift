import CKernels

extension Kernels {
  static func halves(rounding values: [Float]) -> [UInt16] {
    unsafe [UInt16](unsafeUninitializedCapacity: values.count) { target, count in
      unsafe values.withUnsafeBufferPointer { source in
        if let target = target.baseAddress, let base = source.baseAddress {
          forEachRange(source.count, by: elementTile) { start, end in
            unsafe lig_half_from_float(target + start, base + start, end - start)
          }
        }
      }
      count = values.count
    }
  }

  static func floats(widening bits: [UInt16]) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: bits.count) { target, count in
      unsafe bits.withUnsafeBufferPointer { source in
        if let target = target.baseAddress, let base = source.baseAddress {
          forEachRange(source.count, by: elementTile) { start, end in
            unsafe lig_float_from_half(target + start, base + start, end - start)
          }
        }
      }
      count = bits.count
    }
  }

  /// Writes Σ weight · table row for the first `count` rows into columns `column...` of `target`.
  static func writeWeightedSums(
    _ sparseRows: [SparseRow], count: Int, of table: HalfMatrix, into target: inout Matrix,
    column: Int
  ) {
    for row in sparseRows.prefix(count) {
      row.checkCounts()
      precondition(
        row.columns.allSatisfy { $0 >= 0 && $0 < table.rows }, "a row outside 0..<\(table.rows)")
    }
    let (width, stride) = (table.columns, target.columns)
    precondition(
      target.rows == count && sparseRows.count >= count && column >= 0 && column + width <= stride,
      "[\(count), \(width)] at column \(column) of [\(target.rows), \(stride)]")
    unsafe target.values.withMutableBase { target in
      unsafe table.bits.withBase { bits in
        Parallel.forEach(count) { index in
          let start = unsafe target + index * stride + column
          let entries = sparseRows[index].columns.count
          if entries == 0 {
            unsafe start.update(repeating: 0, count: width)
            return
          }
          unsafe sparseRows[index].columns.withBase { columns in
            unsafe sparseRows[index].values.withBase { weights in
              unsafe lig_weighted_row_sum_half(start, bits, width, columns, weights, entries)
            }
          }
        }
      }
    }
  }
}
