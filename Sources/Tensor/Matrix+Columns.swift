extension Matrix {
  /// Consecutive columns as a matrix of their own; [rows, range.count].
  func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    var taken: [Float] = []
    taken.reserveCapacity(rows * range.count)
    for row in 0..<rows {
      taken += values[row * columns + range.lowerBound..<row * columns + range.upperBound]
    }
    return Matrix(rows: rows, columns: range.count, values: taken)
  }
}
