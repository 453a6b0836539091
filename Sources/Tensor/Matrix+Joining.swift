extension Matrix {
  /// Puts matrices of equal height side by side, every value multiplied by `factor`.
  public static func joiningColumns(_ parts: [Matrix], factor: Float) -> Matrix {
    let rows = parts.first?.rows ?? 0
    let columns = parts.reduce(0) { $0 + $1.columns }
    precondition(
      parts.allSatisfy { $0.rows == rows }, "parts of \(parts.map(\.rows)) rows cannot be joined")
    var values: [Float] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for part in parts {
        for value in part.row(row) { values.append(value * factor) }
      }
    }
    return Matrix(rows: rows, columns: columns, values: values)
  }
}
