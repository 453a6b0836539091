import CKernels

extension Kernels {
  static func bytes(rounding matrix: Matrix) -> (values: [Int8], scales: [Float]) {
    let (rows, width) = (matrix.rows, matrix.columns)
    var values = [Int8](repeating: 0, count: rows * width)
    var scales = [Float](repeating: 0, count: rows)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe scales.withUnsafeMutableBufferPointer { scales in
        unsafe matrix.values.withUnsafeBufferPointer { source in
          guard let scales = scales.baseAddress else { return }
          guard let values = values.baseAddress, let source = source.baseAddress else {
            unsafe scales.update(repeating: 1, count: rows)
            return
          }
          forEachRange(rows, by: rowTile(width: width)) { start, end in
            let isFinite = unsafe lig_bytes_from_rows(
              values + start * width, scales + start, source + start * width, end - start, width)
            precondition(isFinite != 0, "a value of rows \(start)..<\(end) is not finite")
          }
        }
      }
    }
    return (values, scales)
  }

  static func floats(widening matrix: ByteMatrix) -> Matrix {
    let width = matrix.columns
    return unsafe Matrix(uninitializedRows: matrix.rows, columns: width) { target in
      unsafe matrix.values.withUnsafeBufferPointer { values in
        unsafe matrix.scales.withUnsafeBufferPointer { scales in
          guard let values = values.baseAddress, let scales = scales.baseAddress else { return }
          forEachRange(matrix.rows, by: rowTile(width: width)) { start, end in
            unsafe lig_rows_from_bytes(
              target + start * width, values + start * width, scales + start, end - start, width)
          }
        }
      }
    }
  }
}
