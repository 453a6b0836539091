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
/// error for a random rotation has mean 0 and a standard deviation of at most ``error(ofRow:)`` · ‖q‖
/// (theorem 3.2).
///
/// Departures. The paper scans 4 bit planes of a query by AND and popcount. Here six signs are an
/// index into a table of the query's partial sums, which `vpermb` reads 64 rows at a time: less than
/// half of the instructions, and the query keeps more than 4 bits. Codes of 4 and 8 bits are
/// multiplied by a query of 8 bits (`vpdpbusd`).
///
/// And the paper reads whole codes. Here the first P signs (about D/4) are read of every row, the
/// others only for a block of 64 rows in which one may still reach the threshold. With c′ the code of
/// those P values, zeros for the others, u = x/‖x‖ and r the part of q at right angles to u,
///
///     ⟨c′, q⟩ = ⟨c′, x⟩/‖x‖² · ⟨x, q⟩ + ⟨c′, r⟩
///
/// (lemma 3.1 with c′ in the place of the code). A random rotation turns the part of c′ at right
/// angles to u in every direction alike, so the second term has mean 0 and the variance
/// (P − ⟨c′, u⟩²) · ‖r‖²/(D − 1), as in theorem 3.2. Each row keeps its slope ⟨c′, x⟩/‖x‖²; for the
/// deviation the bound √(P/(D − 1)) · ‖r‖ serves all rows, a tenth too large for P = D/4, where
/// ⟨c′, u⟩² ≈ 2/π · P²/D. The test is one of integers, each rounded so that a row is asked for less.
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
  /// For signs ⟨x, c′⟩ / ‖x‖², in 65,535ths of the tile's ``steepest``; otherwise none.
  package private(set) var slopes: [UInt16]
  /// What each tile's slopes are measured in, as a rule its largest; none when there are no slopes.
  package private(set) var steepest: [Float]

  /// Rows that a scan takes together.
  package static let tileRows = 256
  /// The number of tiles.
  package var tiles: Int { factors.count / Self.tileRows }
  /// Bytes of codes and factors.
  package var memoryBytes: Int {
    codes.count + 8 * factors.count + 2 * slopes.count + 4 * steepest.count
  }

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
    slopes = [UInt16](repeating: 0, count: bits == .one ? slots : 0)
    steepest = [Float](repeating: 0, count: slopes.count / Self.tileRows)
  }

  /// Wraps what another value of the same shape held; nil when the counts do not fit.
  package init?(
    rows: Int, padded: Int, bits: CodeBits, codes: [UInt8], factors: [Float], errors: [Float],
    slopes: [UInt16], steepest: [Float]
  ) {
    guard rows >= 0, Self.isWidth(padded) else { return nil }
    let slots = Self.slots(rows)
    guard codes.count == slots * Self.bytes(padded, bits), factors.count == slots,
      errors.count == slots, slopes.count == (bits == .one ? slots : 0),
      steepest.count == slopes.count / Self.tileRows
    else { return nil }
    self.rows = rows
    self.padded = padded
    self.bits = bits
    self.codes = codes
    self.factors = factors
    self.errors = errors
    self.slopes = slopes
    self.steepest = steepest
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
          unsafe slopes.withMutableBase { slopes in
            unsafe steepest.withMutableBase { steepest in
              unsafe rotated.values.withBase { source in
                Kernels.forEachRange(rotated.rows, by: Self.tileRows) { start, end in
                  let row = first + start
                  let sloping = bits == .one ? row : 0
                  unsafe lig_encode_rows(
                    codes + row * bytes, factors + row, errors + row, slopes + sloping,
                    steepest + sloping / Self.tileRows, source + start * padded, end - start,
                    padded, UInt32(bits.rawValue))
                }
              }
            }
          }
        }
      }
    }
  }
}
