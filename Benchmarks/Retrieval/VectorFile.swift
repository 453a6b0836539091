import Foundation
import Tensor

/// Files of 32-bit floats without a header.
enum VectorFile {
  static func write(_ values: [Float], to path: String) throws {
    try unsafe values.withUnsafeBytes { unsafe Data($0) }.write(to: URL(fileURLWithPath: path))
  }

  /// All rows of a file.
  static func read(_ path: String, columns: Int) throws -> Matrix {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    let values = unsafe [Float](unsafeUninitializedCapacity: data.count / 4) { target, count in
      count = unsafe data.copyBytes(to: target) / 4
    }
    return Matrix(rows: values.count / columns, columns: columns, values: values)
  }
}
