import Foundation
import Tensor

/// Files of numbers without a header.
enum VectorFile {
  /// All rows of a file of 32-bit floats, or the first `limit`.
  static func read(_ path: String, columns: Int, limit: Int = .max) throws -> Matrix {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    let rows = min(limit, data.count / 4 / columns)
    let values = unsafe [Float](unsafeUninitializedCapacity: rows * columns) { target, count in
      count = unsafe data.copyBytes(to: target, count: 4 * rows * columns) / 4
    }
    return Matrix(rows: rows, columns: columns, values: values)
  }

  /// Writes 64-bit integers.
  static func write(_ values: [Int64], to path: String) throws {
    try unsafe values.withUnsafeBytes { unsafe Data($0) }.write(to: URL(fileURLWithPath: path))
  }
}
