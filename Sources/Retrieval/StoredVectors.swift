public import Tensor

/// How precisely an index keeps its vectors.
public enum VectorPrecision: String, Sendable, Codable, CaseIterable {
  /// 32-bit floats.
  case single
  /// 16-bit floats.
  case half
  /// 8-bit integers, each row with a scale that is a power of two.
  case byte

  /// Bytes of a value.
  var bytes: Int {
    switch self {
    case .single: 4
    case .half: 2
    case .byte: 1
    }
  }
}

/// The vectors of an index, one row each; [M, d], every value finite.
public struct StoredVectors: Sendable, Equatable {
  enum Storage: Equatable {
    case single(Matrix)
    case half(HalfMatrix)
    case byte(ByteMatrix)
  }

  let storage: Storage

  init(_ storage: Storage) { self.storage = storage }

  /// Rounds rows of 32-bit floats to a precision.
  public init(rounding matrix: Matrix, to precision: VectorPrecision) {
    switch precision {
    case .single: storage = .single(matrix)
    case .half: storage = .half(HalfMatrix(rounding: matrix))
    case .byte: storage = .byte(ByteMatrix(rounding: matrix))
    }
  }

  /// How precisely they are kept.
  public var precision: VectorPrecision {
    switch storage {
    case .single: .single
    case .half: .half
    case .byte: .byte
    }
  }

  /// The number of rows, M.
  public var rows: Int {
    switch storage {
    case .single(let matrix): matrix.rows
    case .half(let matrix): matrix.rows
    case .byte(let matrix): matrix.rows
    }
  }

  /// The number of values of each row, d.
  public var columns: Int {
    switch storage {
    case .single(let matrix): matrix.columns
    case .half(let matrix): matrix.columns
    case .byte(let matrix): matrix.columns
    }
  }

  /// Bytes of all rows and their scales.
  public var memoryBytes: Int {
    rows * columns * precision.bytes + (precision == .byte ? 4 * rows : 0)
  }

  /// The values as 32-bit floats, exactly.
  public func widened() -> Matrix {
    switch storage {
    case .single(let matrix): matrix
    case .half(let matrix): matrix.widened()
    case .byte(let matrix): matrix.widened()
    }
  }

  /// Some rows as 32-bit floats; [range.count, d].
  public func widened(rows range: Range<Int>) -> Matrix {
    let values = range.lowerBound * columns..<range.upperBound * columns
    switch storage {
    case .single(let matrix):
      return Matrix(rows: range.count, columns: columns, values: Array(matrix.values[values]))
    case .half(let matrix):
      return HalfMatrix(rows: range.count, columns: columns, bits: Array(matrix.bits[values]))
        .widened()
    case .byte(let matrix):
      return ByteMatrix(
        rows: range.count, columns: columns, values: Array(matrix.values[values]),
        scales: Array(matrix.scales[range])
      ).widened()
    }
  }

  /// At most `count` evenly spaced rows as 32-bit floats.
  public func evenlySpaced(_ count: Int) -> Matrix {
    let step = max(1, rows / max(1, count))
    let places = stride(from: 0, to: rows, by: step).prefix(count).map { Int32($0) }
    return gathering(places).widened()
  }

  /// The named rows, in the order of `rows`.
  func gathering(_ rows: [Int32]) -> StoredVectors {
    func gathered<Element>(_ values: [Element]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(rows.count * columns)
      for row in rows {
        result.append(contentsOf: values[Int(row) * columns..<(Int(row) + 1) * columns])
      }
      return result
    }
    switch storage {
    case .single(let matrix):
      return StoredVectors(
        .single(Matrix(rows: rows.count, columns: columns, values: gathered(matrix.values))))
    case .half(let matrix):
      return StoredVectors(
        .half(HalfMatrix(rows: rows.count, columns: columns, bits: gathered(matrix.bits))))
    case .byte(let matrix):
      return StoredVectors(
        .byte(
          ByteMatrix(
            rows: rows.count, columns: columns, values: gathered(matrix.values),
            scales: rows.map { matrix.scales[Int($0)] })))
    }
  }

  /// These rows and then those of another of the same width and precision.
  func appending(_ other: StoredVectors) -> StoredVectors {
    switch (storage, other.storage) {
    case (.single(let first), .single(let second)):
      return StoredVectors(.single(first.appendingRows(of: second)))
    case (.half(var first), .half(let second)):
      first.append(second)
      return StoredVectors(.half(first))
    case (.byte(let first), .byte(let second)):
      precondition(columns == other.columns, "\(columns) and \(other.columns) columns")
      return StoredVectors(
        .byte(
          ByteMatrix(
            rows: first.rows + second.rows, columns: columns,
            values: first.values + second.values, scales: first.scales + second.scales)))
    default:
      preconditionFailure("\(precision) and \(other.precision) vectors")
    }
  }

  /// The dot products of every query with some rows; [queries.count, rows.count].
  func dots(_ queries: DotQueries, rows some: DotRows) -> Matrix {
    switch storage {
    case .single(let matrix): matrix.dots(queries, rows: some)
    case .half(let matrix): matrix.dots(queries, rows: some)
    case .byte(let matrix): matrix.dots(queries, rows: some)
    }
  }

  /// The first value, counted from 0 over all rows, that is infinite or not a number.
  func firstNotFinite() -> Int? {
    switch storage {
    case .single(let matrix): matrix.values.firstIndex { !$0.isFinite }
    case .half(let matrix): matrix.bits.firstIndex(where: HalfBits.isNotFinite)
    case .byte: nil
    }
  }
}
