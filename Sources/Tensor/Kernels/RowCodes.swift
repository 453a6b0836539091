import CKernels

/// How many bits a code keeps of every rotated value.
public enum CodeBits: Int, Sendable, Codable, CaseIterable {
  /// Its sign: a 24th of a 32-bit float, with six signs in a byte.
  case one = 1
  /// One of 16 levels: an eighth.
  case four = 4
  /// One of 255 levels: a quarter.
  case eight = 8
}

/// Codes of rotated rows, laid out for scans, with the factors of an unbiased estimator of inner
/// products.
///
/// With x a row of D values and c its code as ± numbers, ⟨x, q⟩ is estimated by
/// ‖x‖² / ⟨x, c⟩ · ⟨c, q⟩ (Gao & Long, "RaBitQ", SIGMOD 2024, equation 9, for x of any length). Its
/// error for a random rotation has mean 0 and a standard deviation of at most ``error(ofRow:)`` · ‖q‖.
///
/// Departure: the paper scans 4 bit planes of a query by AND and popcount. Here six signs are an
/// index into a table of the query's partial sums, which `vpermb` reads 64 rows at a time: a fourth
/// of the instructions, and the query keeps more than 4 bits. Codes of 4 and 8 bits are multiplied
/// by a query of 8 bits (`vpdpbusd`).
package struct RowCodes: Sendable, Equatable {
  /// The number of rows, M.
  package let rows: Int
  /// Values of a rotated row, D.
  package let padded: Int
  /// Bits kept of a value.
  package let bits: CodeBits
  /// Blocks of 64 rows, whole tiles of 256.
  package private(set) var codes: [UInt8]
  /// ‖x‖² / ⟨x, c⟩; not a number beyond the last row.
  package private(set) var factors: [Float]
  /// Standard deviations of estimates for queries of length 1.
  package private(set) var errors: [Float]

  /// Rows that a scan takes together.
  package static let tileRows = 256
  /// The number of tiles.
  package var tiles: Int { factors.count / Self.tileRows }
  /// Bytes of codes and factors.
  package var memoryBytes: Int { codes.count + 8 * factors.count }

  /// Room for the codes of a number of rows, none of which is there yet.
  package init(rows: Int, padded: Int, bits: CodeBits) {
    precondition(Self.isWidth(padded), "rows of \(padded) values")
    self.rows = rows
    self.padded = padded
    self.bits = bits
    let slots = Self.slots(rows)
    codes = [UInt8](repeating: 0, count: slots * Self.bytes(padded, bits))
    factors = [Float](repeating: .nan, count: slots)
    errors = [Float](repeating: 0, count: slots)
  }

  /// Wraps what another value of the same shape held; nil when the counts do not fit.
  package init?(
    rows: Int, padded: Int, bits: CodeBits, codes: [UInt8], factors: [Float], errors: [Float]
  ) {
    guard rows >= 0, Self.isWidth(padded) else { return nil }
    let slots = Self.slots(rows)
    guard codes.count == slots * Self.bytes(padded, bits), factors.count == slots,
      errors.count == slots
    else { return nil }
    self.rows = rows
    self.padded = padded
    self.bits = bits
    self.codes = codes
    self.factors = factors
    self.errors = errors
  }

  /// Rows and the room after them: whole tiles.
  package static func slots(_ rows: Int) -> Int { (rows + tileRows - 1) / tileRows * tileRows }

  /// Bytes of a row's code.
  package static func bytes(_ padded: Int, _ bits: CodeBits) -> Int {
    lig_code_bytes(padded, UInt32(bits.rawValue))
  }

  /// Sums of 16 bits hold so many table entries.
  private static func isWidth(_ padded: Int) -> Bool {
    padded > 0 && padded % 64 == 0 && padded <= 12_288
  }

  /// Standard deviation of a row's estimate for a query of length 1.
  package func error(ofRow row: Int) -> Float { errors[row] }

  /// Encodes rotated rows [n, D] from row `first` on, a multiple of 256.
  package mutating func encode(_ rotated: Matrix, from first: Int) {
    precondition(rotated.columns == padded, "\(rotated.columns) columns, not \(padded)")
    precondition(
      first % Self.tileRows == 0 && first >= 0 && first + rotated.rows <= rows,
      "rows \(first)..<\(first + rotated.rows) of \(rows)")
    let (padded, bits) = (padded, bits)
    let bytes = Self.bytes(padded, bits)
    unsafe codes.withMutableBase { codes in
      unsafe factors.withMutableBase { factors in
        unsafe errors.withMutableBase { errors in
          unsafe rotated.values.withBase { source in
            Kernels.forEachRange(rotated.rows, by: Self.tileRows) { start, end in
              let row = first + start
              unsafe lig_encode_rows(
                codes + row * bytes, factors + row, errors + row, source + start * padded,
                end - start, padded, UInt32(bits.rawValue))
            }
          }
        }
      }
    }
  }
}

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
  let scales: [Float]
  let offsets: [Float]

  /// Makes the tables of rotated queries [count, D].
  package init(_ rotated: Matrix, bits: CodeBits) {
    count = rotated.rows
    padded = rotated.columns
    self.bits = bits
    let size = Self.tableBytes(padded, bits)
    var tables = [UInt8](repeating: 0, count: count * size)
    var scales = [Float](repeating: 1, count: count)
    var offsets = [Float](repeating: 0, count: count)
    unsafe tables.withMutableBase { tables in
      unsafe scales.withMutableBase { scales in
        unsafe offsets.withMutableBase { offsets in
          unsafe rotated.values.withBase { queries in
            for query in 0..<rotated.rows {
              unsafe lig_code_table(
                tables + query * size, scales + query, offsets + query,
                queries + query * rotated.columns, rotated.columns, UInt32(bits.rawValue))
            }
          }
        }
      }
    }
    self.tables = tables
    self.scales = scales
    self.offsets = offsets
  }

  /// Bytes of a query's table.
  static func tableBytes(_ padded: Int, _ bits: CodeBits) -> Int {
    lig_code_table_bytes(padded, UInt32(bits.rawValue))
  }
}
