/// A dense matrix of 16-bit floats (IEEE 754 binary16 bit patterns), row-major.
public struct HalfMatrix: Sendable, Equatable {
  /// The number of rows.
  public private(set) var rows: Int
  /// The number of columns.
  public let columns: Int
  /// Bit patterns, row after row; `bits.count == rows * columns`.
  public private(set) var bits: [UInt16]

  /// Wraps existing bit patterns.
  public init(rows: Int, columns: Int, bits: [UInt16]) {
    precondition(bits.count == rows * columns, "\(bits.count) values for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.bits = bits
  }

  /// Rounds to nearest even; |x| > 65,504 becomes infinity.
  public init(rounding matrix: Matrix) {
    self.init(
      rows: matrix.rows, columns: matrix.columns, bits: Kernels.halves(rounding: matrix.values))
  }

  /// Adds rows at the end; O(added), amortised.
  public mutating func append(_ other: HalfMatrix) {
    precondition(columns == other.columns, "\(columns) and \(other.columns) columns")
    bits.append(contentsOf: other.bits)
    rows += other.rows
  }

  /// The values as 32-bit floats, exactly.
  public func widened() -> Matrix {
    Matrix(rows: rows, columns: columns, values: Kernels.floats(widening: bits))
  }

  /// Σ weight · row for each sparse row; [sparseRows.count, columns].
  ///
  /// Rows run in parallel.
  public func weightedSums(_ sparseRows: [SparseRow]) -> Matrix {
    var sums = Matrix(rows: sparseRows.count, columns: columns)
    writeWeightedSums(sparseRows, count: sparseRows.count, into: &sums, column: 0)
    return sums
  }

  /// Writes ``weightedSums(_:)`` of the first `count` rows into columns `column..<column + columns` of
  /// a matrix of `count` rows.
  package func writeWeightedSums(
    _ sparseRows: [SparseRow], count: Int, into target: inout Matrix, column: Int
  ) {
    Kernels.writeWeightedSums(sparseRows, count: count, of: self, into: &target, column: column)
  }
}
