import CKernels

/// Which rows of a matrix a set of queries meets.
public enum DotRows: Sendable {
  /// Consecutive rows.
  case range(Range<Int>)
  /// Rows in any order, repeats allowed.
  case list([Int32])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .range(let range): range.count
    case .list(let list): list.count
    }
  }

  fileprivate func check(against rows: Int) {
    switch self {
    case .range(let range):
      precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(range) of \(rows) rows")
    case .list(let list):
      precondition(list.allSatisfy { $0 >= 0 && $0 < rows }, "a row outside 0..<\(rows)")
    }
  }

  /// Passes the first row to read from and the list, if there is one.
  fileprivate func with(_ body: (Int, UnsafePointer<Int32>?) -> Void) {
    switch self {
    case .range(let range): body(range.lowerBound, nil)
    case .list(let list): unsafe list.withBase { unsafe body(0, $0) }
    }
  }
}

extension HalfMatrix {
  /// The dot products of every query with some rows; [queries.count, rows.count].
  ///
  /// Runs on the calling thread: the caller owns the blocks. O(queries · rows · columns).
  public func dots(_ queries: DotQueries, rows some: DotRows) -> Matrix {
    some.check(against: rows)
    return unsafe Kernels.dots(queries, columns, some) { target, pack, first, list in
      unsafe bits.withBase { bits in
        unsafe lig_dots_half(
          target, some.count, pack, queries.count, bits + first * columns, list, some.count,
          columns)
      }
    }
  }
}

extension Matrix {
  /// The dot products of every query with some rows; [queries.count, rows.count].
  ///
  /// Runs on the calling thread: the caller owns the blocks. O(queries · rows · columns).
  public func dots(_ queries: DotQueries, rows some: DotRows) -> Matrix {
    some.check(against: rows)
    return unsafe Kernels.dots(queries, columns, some) { target, pack, first, list in
      unsafe values.withBase { values in
        unsafe lig_dots_float(
          target, some.count, pack, queries.count, values + first * columns, list, some.count,
          columns)
      }
    }
  }
}

extension ByteMatrix {
  /// The dot products of every query with some rows; [queries.count, rows.count].
  ///
  /// Runs on the calling thread: the caller owns the blocks. O(queries · rows · columns).
  package func dots(_ queries: DotQueries, rows some: DotRows) -> Matrix {
    some.check(against: rows)
    return unsafe Kernels.dots(queries, columns, some) { target, pack, first, list in
      unsafe values.withBase { values in
        unsafe scales.withBase { scales in
          unsafe lig_dots_byte(
            target, some.count, pack, queries.count, values + first * columns, scales + first,
            list, some.count, columns)
        }
      }
    }
  }
}

extension Kernels {
  fileprivate typealias DotKernel = (
    UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, UnsafePointer<Int32>?
  ) -> Void

  /// Passes target, packed queries, first row and list to a kernel that fills the target.
  fileprivate static func dots(
    _ queries: DotQueries, _ columns: Int, _ some: DotRows, _ kernel: DotKernel
  ) -> Matrix {
    precondition(queries.width == columns, "queries of \(queries.width), rows of \(columns)")
    if columns == 0 { return Matrix(rows: queries.count, columns: some.count) }
    return unsafe Matrix(uninitializedRows: queries.count, columns: some.count) { target in
      unsafe queries.withPack { pack in
        unsafe some.with { first, list in unsafe kernel(target, pack, first, list) }
      }
    }
  }
}
