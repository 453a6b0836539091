/// A sparse matrix of 32-bit floats in compressed sparse rows.
///
/// Row r has the entries `offsets[r]..<offsets[r + 1]` of `columnIndices` and `values`.
public struct SparseMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Where each row starts, and the total at the end; `rows + 1` values, not descending.
  public let offsets: [Int64]
  /// The column of each entry.
  public let columnIndices: [Int32]
  /// The value of each entry.
  public let values: [Float]

  /// Joins rows of (column, value) entries.
  public init(columns: Int, sparseRows: [SparseRow]) {
    rows = sparseRows.count
    self.columns = columns
    let total = sparseRows.reduce(0) { $0 + $1.columns.count }
    var offsets: [Int64] = [0]
    var columnIndices: [Int32] = []
    var values: [Float] = []
    offsets.reserveCapacity(rows + 1)
    columnIndices.reserveCapacity(total)
    values.reserveCapacity(total)
    for row in sparseRows {
      row.checkCounts()
      columnIndices.append(contentsOf: row.columns)
      values.append(contentsOf: row.values)
      offsets.append(Int64(columnIndices.count))
    }
    precondition(
      columnIndices.allSatisfy { $0 >= 0 && $0 < columns }, "a column is outside 0..<\(columns)")
    self.offsets = offsets
    self.columnIndices = columnIndices
    self.values = values
  }

  private init(
    rows: Int, columns: Int, offsets: [Int64], columnIndices: [Int32], values: [Float]
  ) {
    self.rows = rows
    self.columns = columns
    self.offsets = offsets
    self.columnIndices = columnIndices
    self.values = values
  }

  /// Rows exchanged with columns; O(rows + columns + entries).
  ///
  /// Entries of a row stay ordered.
  public func transposed() -> SparseMatrix {
    var starts = [Int64](repeating: 0, count: columns + 1)
    for column in columnIndices { starts[Int(column) + 1] += 1 }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    var rowIndices = [Int32](repeating: 0, count: values.count)
    var moved = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
        let column = Int(columnIndices[entry])
        let place = Int(next[column])
        next[column] += 1
        rowIndices[place] = Int32(row)
        moved[place] = values[entry]
      }
    }
    return SparseMatrix(
      rows: columns, columns: rows, offsets: starts, columnIndices: rowIndices, values: moved)
  }
}

/// One row of a sparse matrix: equal counts of columns and values.
public struct SparseRow: Sendable, Equatable {
  /// The column of each entry.
  public var columns: [Int32]
  /// The value of each entry.
  public var values: [Float]

  /// Pairs columns with values.
  public init(columns: [Int32], values: [Float]) {
    self.columns = columns
    self.values = values
    checkCounts()
  }

  /// Traps if later edits have left a column without a value or the reverse.
  func checkCounts() {
    precondition(columns.count == values.count, "\(columns.count) columns, \(values.count) values")
  }
}
