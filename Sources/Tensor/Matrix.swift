/// A dense matrix of 32-bit floats, row-major; `values.count == rows * columns`.
///
/// A vector is a matrix of one row, a scalar a matrix of one value.
public struct Matrix: Sendable, Equatable {
  /// The number of rows, at least 0.
  public private(set) var rows: Int
  /// The number of columns, at least 0.
  public private(set) var columns: Int
  /// Row after row; only this module changes it, and its count with the shape only.
  public internal(set) var values: [Float]

  /// Wraps existing values; their count must be `rows * columns`.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      values.count == rows * columns, "\(values.count) values for a \(rows) × \(columns) matrix")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix filled with one value.
  public init(rows: Int, columns: Int, repeating value: Float = 0) {
    self.init(
      rows: rows, columns: columns, values: [Float](repeating: value, count: rows * columns))
  }

  /// Takes another shape in the storage that is there, which grows only where it is too small.
  ///
  /// The values are those of no operation: the caller writes all of them.
  package mutating func reshape(rows: Int, columns: Int) {
    let missing = rows * columns - values.count
    if missing > 0 {
      values.append(contentsOf: repeatElement(0, count: missing))
    } else {
      values.removeLast(-missing)
    }
    (self.rows, self.columns) = (rows, columns)
  }

  /// The value at a row and a column.
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
      return values[row * columns + column]
    }
    set {
      precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
      values[row * columns + column] = newValue
    }
  }

  /// One row as a slice of `values`.
  public func row(_ index: Int) -> ArraySlice<Float> {
    values[index * columns..<(index + 1) * columns]
  }

  /// The named rows, in the order of `indices`; [indices.count, columns].
  public func gatheringRows(_ indices: [Int]) -> Matrix {
    unsafe Matrix(uninitializedRows: indices.count, columns: columns) { target in
      for (position, index) in indices.enumerated() {
        precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
        unsafe Kernels.copy(
          values, from: index * columns, count: columns, to: target + position * columns)
      }
    }
  }

  /// Rows exchanged with columns.
  public func transposed() -> Matrix {
    let tile = 32
    return unsafe Matrix(uninitializedRows: columns, columns: rows) { target in
      unsafe values.withUnsafeBufferPointer { source in
        for rowStart in stride(from: 0, to: rows, by: tile) {
          for columnStart in stride(from: 0, to: columns, by: tile) {
            for row in rowStart..<min(rowStart + tile, rows) {
              for column in columnStart..<min(columnStart + tile, columns) {
                unsafe target[column * rows + row] = source[row * columns + column]
              }
            }
          }
        }
      }
    }
  }

  /// Both matrices side by side, this one on the left; they must have equally many rows.
  public func appendingColumns(of other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) and \(other.rows) rows")
    let width = columns + other.columns
    return unsafe Matrix(uninitializedRows: rows, columns: width) { target in
      for row in 0..<rows {
        let start = unsafe target + row * width
        unsafe Kernels.copy(values, from: row * columns, count: columns, to: start)
        unsafe Kernels.copy(
          other.values, from: row * other.columns, count: other.columns, to: start + columns)
      }
    }
  }

  /// Consecutive columns as a matrix of their own; [rows, range.count].
  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    let width = range.count
    return unsafe Matrix(uninitializedRows: rows, columns: width) { target in
      Kernels.forEachRange(rows, by: Kernels.rowTile(width: width)) { first, last in
        for row in first..<last {
          unsafe Kernels.copy(
            values, from: row * columns + range.lowerBound, count: width, to: target + row * width)
        }
      }
    }
  }

  /// Both matrices' rows, this one's first; their widths must agree.
  public func appendingRows(of other: Matrix) -> Matrix {
    precondition(columns == other.columns, "\(columns) and \(other.columns) columns")
    return Matrix(rows: rows + other.rows, columns: columns, values: values + other.values)
  }
}

extension Matrix {
  /// Fills storage that `initialize` must write completely.
  init(
    uninitializedRows rows: Int, columns: Int,
    initialize: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let count = rows * columns
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { unsafe initialize(base) }
      initialized = count
    }
    self.init(rows: rows, columns: columns, values: values)
  }
}
