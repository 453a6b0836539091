import CKernels

/// The signs of rotated rows, laid out for scans, with the factors of an unbiased estimator of inner
/// products.
///
/// With x a row of D values and s its signs, ⟨x, q⟩ is estimated by ‖x‖² / ‖x‖₁ · ⟨s, q⟩ (Gao &
/// Long, "RaBitQ", SIGMOD 2024, equations 9 and 16 for x of any length). Its error for a random
/// rotation has mean 0 and a standard deviation of at most ``error(ofRow:)`` · ‖q‖.
///
/// Departure: the paper scans 4 bit planes of a query by AND and popcount. Here six signs are an
/// index into a table of the query's partial sums, which `vpermb` reads 64 rows at a time: a fourth
/// of the instructions, and the query keeps more than 4 bits.
package struct SignCodes: Sendable, Equatable {
  /// The number of rows, M.
  package let rows: Int
  /// Values of a rotated row, D.
  package let padded: Int
  /// Six signs a byte, 64 rows a block; ⌈D/6⌉ · 64 bytes a block, whole tiles of 256 rows.
  package private(set) var codes: [UInt8]
  /// ‖x‖² / ‖x‖₁; not a number beyond the last row.
  package private(set) var factors: [Float]
  /// Standard deviations of estimates for queries of length 1.
  package private(set) var errors: [Float]

  /// Rows that share every look at a table.
  package static let tileRows = 256
  /// The number of tiles.
  package var tiles: Int { factors.count / Self.tileRows }
  /// Bytes of codes and factors.
  package var memoryBytes: Int { codes.count + 8 * factors.count }

  /// Room for the codes of a number of rows, none of which is there yet.
  package init(rows: Int, padded: Int) {
    precondition(padded > 0 && padded % 64 == 0 && padded <= 12_288, "rows of \(padded) values")
    self.rows = rows
    self.padded = padded
    let tiles = (rows + Self.tileRows - 1) / Self.tileRows
    codes = [UInt8](repeating: 0, count: tiles * Self.tileRows * Self.groups(padded))
    factors = [Float](repeating: .nan, count: tiles * Self.tileRows)
    errors = [Float](repeating: 0, count: tiles * Self.tileRows)
  }

  /// Wraps what another value of the same shape held; nil when the counts do not fit.
  package init?(rows: Int, padded: Int, codes: [UInt8], factors: [Float], errors: [Float]) {
    guard rows >= 0, padded > 0, padded % 64 == 0, padded <= 12_288 else { return nil }
    let slots = (rows + Self.tileRows - 1) / Self.tileRows * Self.tileRows
    guard codes.count == slots * Self.groups(padded), factors.count == slots,
      errors.count == slots
    else { return nil }
    self.rows = rows
    self.padded = padded
    self.codes = codes
    self.factors = factors
    self.errors = errors
  }

  /// Groups of six signs.
  static func groups(_ padded: Int) -> Int { (padded + 5) / 6 }

  /// Standard deviation of a row's estimate for a query of length 1.
  package func error(ofRow row: Int) -> Float { errors[row] }

  /// Encodes rotated rows [n, D] from row `first` on, a multiple of 256.
  package mutating func encode(_ rotated: Matrix, from first: Int) {
    precondition(rotated.columns == padded, "\(rotated.columns) columns, not \(padded)")
    precondition(
      first % Self.tileRows == 0 && first >= 0 && first + rotated.rows <= rows,
      "rows \(first)..<\(first + rotated.rows) of \(rows)")
    let (padded, groups) = (padded, Self.groups(padded))
    unsafe codes.withMutableBase { codes in
      unsafe factors.withMutableBase { factors in
        unsafe errors.withMutableBase { errors in
          unsafe rotated.values.withBase { source in
            Kernels.forEachRange(rotated.rows, by: Self.tileRows) { start, end in
              let row = first + start
              unsafe lig_encode_signs(
                codes + row * groups, factors + row, errors + row, source + start * padded,
                end - start, padded)
            }
          }
        }
      }
    }
  }
}

/// Rotated queries as the tables that a scan of ``SignCodes`` reads.
package struct SignQueries: Sendable {
  /// The number of queries.
  package let count: Int
  /// Values of a rotated query, D.
  package let padded: Int
  /// 0...31; [count, ⌈D/6⌉, 64].
  let tables: [UInt8]
  let scales: [Float]
  let offsets: [Float]

  /// Makes the tables of rotated queries [count, D].
  package init(_ rotated: Matrix) {
    count = rotated.rows
    padded = rotated.columns
    let size = 64 * SignCodes.groups(padded)
    var tables = [UInt8](repeating: 0, count: count * size)
    var scales = [Float](repeating: 1, count: count)
    var offsets = [Float](repeating: 0, count: count)
    unsafe tables.withMutableBase { tables in
      unsafe scales.withMutableBase { scales in
        unsafe offsets.withMutableBase { offsets in
          unsafe rotated.values.withBase { queries in
            for query in 0..<rotated.rows {
              unsafe lig_sign_tables(
                tables + query * size, scales + query, offsets + query,
                queries + query * rotated.columns, rotated.columns)
            }
          }
        }
      }
    }
    self.tables = tables
    self.scales = scales
    self.offsets = offsets
  }
}
