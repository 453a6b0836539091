import CKernels

/// A few row vectors laid out for dot products with many rows of another matrix.
///
/// Made once for a batch and used for every block of rows. Each product is summed in the same
/// order whatever the other queries and rows are, so batch-mates never change its bits.
public struct DotQueries: Sendable {
  /// The number of queries.
  public let count: Int
  /// The number of values of each query.
  public let width: Int
  private let pack: [Float]

  /// Lays out the rows of a matrix [count, width].
  public init(_ queries: Matrix) {
    count = queries.rows
    width = queries.columns
    let size = Self.lanes * ((width + Self.lanes - 1) / Self.lanes) * count
    pack = unsafe [Float](unsafeUninitializedCapacity: size) { target, initialized in
      unsafe queries.values.withUnsafeBufferPointer { source in
        if let target = target.baseAddress, let base = source.baseAddress {
          unsafe lig_pack_queries(target, base, queries.rows, queries.columns)
        }
      }
      initialized = size
    }
  }

  /// Columns that the kernels take in one step.
  private static let lanes = 16

  func withPack(_ body: (UnsafePointer<Float>) -> Void) {
    unsafe pack.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe body(base) }
    }
  }
}
