import Foundation

extension RandomSource {
  /// A matrix of independent normal values, mean 0 (Box–Muller).
  public mutating func normal(rows: Int, columns: Int, standardDeviation: Float) -> Matrix {
    let count = rows * columns
    var values: [Float] = []
    values.reserveCapacity(count + 1)
    while values.count < count {
      let radius = standardDeviation * (-2 * log(1 - uniform())).squareRoot()
      let angle = 2 * Float.pi * uniform()
      values.append(radius * cos(angle))
      values.append(radius * sin(angle))
    }
    values.removeLast(values.count - count)
    return Matrix(rows: rows, columns: columns, values: values)
  }
}
