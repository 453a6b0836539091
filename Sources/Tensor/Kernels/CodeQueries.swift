import CKernels

/// Rotated queries as a scan of ``RowCodes`` reads them.
package struct CodeQueries: Sendable {
  /// The number of queries.
  package let count: Int
  /// Values of a rotated query, D.
  package let padded: Int
  /// The codes that they are for.
  package let bits: CodeBits
  /// One table after the other.
  let tables: [UInt8]
  /// What is known of each query without bounds.
  private let known: [lig_code_query]

  /// Makes the tables of rotated queries [count, D], on all cores.
  package init(_ rotated: Matrix, bits: CodeBits) {
    count = rotated.rows
    padded = rotated.columns
    self.bits = bits
    let size = Self.tableBytes(padded, bits)
    var tables = [UInt8](repeating: 0, count: count * size)
    var known = [lig_code_query](repeating: lig_code_query(), count: count)
    unsafe tables.withMutableBase { tables in
      unsafe known.withMutableBase { known in
        unsafe rotated.values.withBase { queries in
          Parallel.forEach(rotated.rows) { query in
            unsafe lig_code_table(
              tables + query * size, known + query, queries + query * rotated.columns,
              rotated.columns, UInt32(bits.rawValue))
          }
        }
      }
    }
    self.tables = tables
    self.known = known
  }

  /// Bytes of a query's table.
  static func tableBytes(_ padded: Int, _ bits: CodeBits) -> Int {
    lig_code_table_bytes(padded, UInt32(bits.rawValue))
  }

  /// What a scan knows of a query under a bound.
  func bounded(_ query: Int, by bound: CodeBound) -> lig_code_query {
    var bounded = known[query]
    unsafe lig_code_bound(
      &bounded, bound.margin, bound.threshold, padded, UInt32(bits.rawValue))
    return bounded
  }
}
