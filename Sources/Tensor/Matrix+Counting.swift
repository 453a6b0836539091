extension Matrix {
  /// How many values of a row are at least `threshold`.
  public func countOfRow(_ row: Int, atLeast threshold: Float) -> Int {
    let span = values.span.extracting(row * columns..<(row + 1) * columns)
    var count = 0
    for index in span.indices where span[index] >= threshold { count += 1 }
    return count
  }
}
