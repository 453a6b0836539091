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

extension HalfMatrix {
  /// The dot products of every query with consecutive rows; [queries.count, range.count].
  ///
  /// Runs on the calling thread: the caller owns the blocks. O(queries · rows · columns).
  public func dots(_ queries: DotQueries, rows range: Range<Int>) -> Matrix {
    precondition(queries.width == columns, "queries of \(queries.width), rows of \(columns)")
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(range) of \(rows) rows")
    if columns == 0 { return Matrix(rows: queries.count, columns: range.count) }
    return unsafe Matrix(uninitializedRows: queries.count, columns: range.count) { target in
      unsafe bits.withUnsafeBufferPointer { bits in
        guard let base = bits.baseAddress else { return }
        unsafe queries.withPack { pack in
          unsafe lig_dots_half(
            target, range.count, pack, queries.count, base + range.lowerBound * columns,
            range.count, columns)
        }
      }
    }
  }
}
