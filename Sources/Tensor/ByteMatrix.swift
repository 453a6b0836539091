/// A dense matrix of 8-bit integers, each row with a scale: a quarter of the memory of 32-bit floats.
///
/// value = scale · integer. Scales are powers of two, so that rounding what was rounded changes
/// nothing and every value below 65,504 is a 16-bit float as well.
package struct ByteMatrix: Sendable, Equatable {
  /// The number of rows.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  /// −127...127, row after row; `values.count == rows * columns`.
  package let values: [Int8]
  /// One for each row.
  package let scales: [Float]

  /// Wraps existing integers and scales.
  package init(rows: Int, columns: Int, values: [Int8], scales: [Float]) {
    precondition(
      values.count == rows * columns && scales.count == rows,
      "\(values.count) values, \(scales.count) scales for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
    self.scales = scales
  }

  /// Rounds each value to the nearest multiple of its row's scale, ties to even.
  ///
  /// The scale is the least power of two whose 127 multiples reach the row's largest value, but at
  /// least 2⁻²⁴: an error is at most 1/127 of the row's largest value, or 2⁻²⁵. Values must be
  /// finite.
  package init(rounding matrix: Matrix) {
    let (values, scales) = Kernels.bytes(rounding: matrix)
    self.init(rows: matrix.rows, columns: matrix.columns, values: values, scales: scales)
  }

  /// The values as 32-bit floats, exactly.
  package func widened() -> Matrix { Kernels.floats(widening: self) }
}
