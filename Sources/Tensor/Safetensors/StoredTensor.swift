/// One named array of a safetensors file.
public enum StoredTensor: Sendable, Equatable {
  /// 32-bit floats, [rows, columns].
  case float(Matrix)
  /// 16-bit floats, [rows, columns].
  case half(HalfMatrix)
  /// 8-bit integers, row after row, [rows, columns].
  case signed([Int8], rows: Int, columns: Int)
  /// Unsigned 64-bit integers, [count].
  case unsigned([UInt64])

  /// The element type's name in the file format.
  var typeName: String {
    switch self {
    case .float: "F32"
    case .half: "F16"
    case .signed: "I8"
    case .unsigned: "U64"
    }
  }

  var shape: [Int] {
    switch self {
    case .float(let matrix): [matrix.rows, matrix.columns]
    case .half(let matrix): [matrix.rows, matrix.columns]
    case .signed(_, let rows, let columns): [rows, columns]
    case .unsigned(let values): [values.count]
    }
  }

  var byteCount: Int {
    switch self {
    case .float(let matrix): matrix.values.count * 4
    case .half(let matrix): matrix.bits.count * 2
    case .signed(let values, _, _): values.count
    case .unsigned(let values): values.count * 8
    }
  }
}

extension [String: StoredTensor] {
  /// Adds 8-bit rows as two arrays: I8 under the name, and their scales, F32 [rows, 1], under
  /// `name.scale`.
  package mutating func add(_ matrix: ByteMatrix, named name: String) {
    self[name] = .signed(matrix.values, rows: matrix.rows, columns: matrix.columns)
    self[StoredTensor.scaleName(of: name)] = .float(
      Matrix(rows: matrix.rows, columns: 1, values: matrix.scales))
  }
}

extension StoredTensor {
  static func scaleName(of name: String) -> String { name + ".scale" }
}
