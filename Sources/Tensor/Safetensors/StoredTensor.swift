/// One named array of a safetensors file.
public enum StoredTensor: Sendable, Equatable {
  /// 32-bit floats, [rows, columns].
  case float(Matrix)
  /// 16-bit floats, [rows, columns].
  case half(HalfMatrix)
  /// Unsigned 64-bit integers, [count].
  case unsigned([UInt64])

  /// The element type's name in the file format.
  var typeName: String {
    switch self {
    case .float: "F32"
    case .half: "F16"
    case .unsigned: "U64"
    }
  }

  var shape: [Int] {
    switch self {
    case .float(let matrix): [matrix.rows, matrix.columns]
    case .half(let matrix): [matrix.rows, matrix.columns]
    case .unsigned(let values): [values.count]
    }
  }

  var byteCount: Int {
    switch self {
    case .float(let matrix): matrix.values.count * 4
    case .half(let matrix): matrix.bits.count * 2
    case .unsigned(let values): values.count * 8
    }
  }
}
