extension Matrix {
  /// This matrix with the columns of another, of as many rows, at its right.
  func appendingColumns(of other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) and \(other.rows) rows side by side")
    let width = columns + other.columns
    var joined: [Float] = []
    joined.reserveCapacity(rows * width)
    for row in 0..<rows {
      joined += self.row(row)
      joined += other.row(row)
    }
    return Matrix(rows: rows, columns: width, values: joined)
  }

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
