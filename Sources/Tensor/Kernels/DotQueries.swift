import CKernels

/// A few row vectors laid out for dot products with many rows of another matrix.
///
/// Made once for a batch and used for every block of rows. Each product is summed in the same
/// order whatever the other queries and rows are, so batch-mates never change its bits.
public struct DotQueries: Sendable {
  /// The number of queries.
  public private(set) var count: Int
  /// The number of values of each query.
  public private(set) var width: Int
  private var pack = Matrix(rows: 0, columns: 0)

  /// Lays out the rows of a matrix [count, width].
  public init(_ queries: Matrix) {
    (count, width) = (0, 0)
    layOut(queries)
  }

  /// Takes other queries, in the storage that is there where it is large enough.
  package mutating func layOut(_ queries: Matrix) {
    (count, width) = (queries.rows, queries.columns)
    pack.reshape(rows: count, columns: Self.lanes * ((width + Self.lanes - 1) / Self.lanes))
    unsafe pack.values.withMutableBase { target in
      unsafe queries.values.withBase { source in
        unsafe lig_pack_queries(target, source, queries.rows, queries.columns)
      }
    }
  }

  /// Columns that the kernels take in one step.
  private static let lanes = 16

  func withPack(_ body: (UnsafePointer<Float>) -> Void) {
    unsafe pack.values.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe body(base) }
    }
  }
}
