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

  static func weightedSums(_ sparseRows: [SparseRow], of table: HalfMatrix) -> Matrix {
    for row in sparseRows {
      row.checkCounts()
      precondition(
        row.columns.allSatisfy { $0 >= 0 && $0 < table.rows }, "a row outside 0..<\(table.rows)")
    }
    let width = table.columns
    return unsafe Matrix(uninitializedRows: sparseRows.count, columns: width) { target in
      unsafe table.bits.withUnsafeBufferPointer { bits in
        Parallel.forEach(sparseRows.count) { index in
          let row = sparseRows[index]
          unsafe row.columns.withUnsafeBufferPointer { columns in
            unsafe row.values.withUnsafeBufferPointer { weights in
              guard let bits = bits.baseAddress, let columns = columns.baseAddress,
                let weights = weights.baseAddress, row.columns.count > 0
              else {
                unsafe (target + index * width).update(repeating: 0, count: width)
                return
              }
              unsafe lig_weighted_row_sum_half(
                target + index * width, bits, width, columns, weights, row.columns.count)
            }
          }
        }
      }
    }
  }
}
