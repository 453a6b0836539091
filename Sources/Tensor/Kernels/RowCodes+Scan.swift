import CKernels

/// What a row's estimate must reach to be kept.
package struct CodeBound: Sendable {
  /// Standard deviations to allow, times the query's length.
  package var margin: Float
  /// The score that estimate + margin · error has to reach.
  package var threshold: Float

  /// Names both.
  package init(margin: Float, threshold: Float) {
    self.margin = margin
    self.threshold = threshold
  }
}

/// Rows that a scan kept for a query, ascending, with their estimates.
package struct CodeSurvivors: Sendable, Equatable {
  /// Row numbers.
  package var rows: [Int32] = []
  /// Estimates of ⟨x, q⟩, one for each row.
  package var estimates: [Float] = []

  /// None.
  package init() {}

  /// Takes others in at the end.
  package mutating func append(_ other: CodeSurvivors) {
    rows += other.rows
    estimates += other.estimates
  }
}

extension RowCodes {
  /// Those of some rows whose estimates are below a limit and may still reach a bound.
  package func reaching(
    _ bound: CodeBound, among some: CodeSurvivors, below limit: Float = .infinity
  ) -> CodeSurvivors {
    var left = CodeSurvivors()
    for (row, estimate) in zip(some.rows, some.estimates)
    where estimate < limit && estimate + bound.margin * errors[Int(row)] >= bound.threshold {
      left.rows.append(row)
      left.estimates.append(estimate)
    }
    return left
  }

  /// The rows of some tiles that may reach each query's threshold; [queries].
  ///
  /// All queries pass over a tile while it is in cache. `allowed` holds a bit for every row, or is
  /// nil. Runs on the calling thread: the caller owns the tiles. O(queries · rows · D).
  package func survivors(
    in range: Range<Int>, of queries: CodeQueries, bounds: [CodeBound], allowed: [UInt64]?
  ) -> [CodeSurvivors] {
    precondition(
      queries.padded == padded && queries.bits == bits,
      "queries of \(queries.padded) values for \(queries.bits), rows of \(padded) for \(bits)")
    precondition(bounds.count == queries.count, "\(bounds.count) bounds, \(queries.count) queries")
    precondition(range.lowerBound >= 0 && range.upperBound <= tiles, "\(range) of \(tiles) tiles")
    if let allowed {
      precondition(allowed.count * 64 >= tiles * Self.tileRows, "\(allowed.count) words")
    }
    let known = bounds.indices.map { queries.bounded($0, by: bounds[$0]) }
    let capacity = 4 * Self.tileRows
    let total = capacity * queries.count
    var found = [CodeSurvivors](repeating: CodeSurvivors(), count: queries.count)
    var counts = [Int](repeating: 0, count: queries.count)
    var tile = range.lowerBound
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, total)) { rows in
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, total)) { estimates in
        guard let rows = rows.baseAddress, let estimates = estimates.baseAddress else { return }
        while tile < range.upperBound {
          unsafe counts.withUnsafeMutableBufferPointer { counts in
            guard let counts = counts.baseAddress else {
              tile = range.upperBound
              return
            }
            tile = unsafe scan(
              tile..<range.upperBound, queries, known, allowed, capacity, rows, estimates, counts)
          }
          for query in 0..<queries.count where counts[query] > 0 {
            let start = query * capacity
            unsafe found[query].rows.append(
              contentsOf: UnsafeBufferPointer(start: rows + start, count: counts[query]))
            unsafe found[query].estimates.append(
              contentsOf: UnsafeBufferPointer(start: estimates + start, count: counts[query]))
            counts[query] = 0
          }
        }
      }
    }
    return found
  }

  private func scan(
    _ range: Range<Int>, _ queries: CodeQueries, _ known: [lig_code_query], _ allowed: [UInt64]?,
    _ capacity: Int, _ rows: UnsafeMutablePointer<Int32>,
    _ estimates: UnsafeMutablePointer<Float>, _ counts: UnsafeMutablePointer<Int>
  ) -> Int {
    var next = range.upperBound
    unsafe withStored { stored in
      unsafe queries.tables.withBase { tables in
        unsafe known.withBase { known in
          unsafe (allowed ?? []).withBase { mask in
            next = unsafe lig_scan_codes(
              rows, estimates, counts, capacity, stored, padded, UInt32(bits.rawValue),
              range.lowerBound, range.upperBound, allowed == nil ? nil : mask, tables, known,
              queries.count)
          }
        }
      }
    }
    return next
  }

  private func withStored(_ body: (UnsafePointer<lig_code_rows>) -> Void) {
    unsafe codes.withBase { codes in
      unsafe factors.withBase { factors in
        unsafe errors.withBase { errors in
          unsafe slopes.withBase { slopes in
            unsafe steepest.withBase { steepest in
              let stored = unsafe lig_code_rows(
                codes: codes, factors: factors, errors: errors, slopes: slopes,
                steepest: steepest)
              unsafe withUnsafePointer(to: stored) { stored in unsafe body(stored) }
            }
          }
        }
      }
    }
  }

  /// Σ of a query's table entries for every row, tile after tile, and, for signs, whether those of the
  /// first values reach what a bound asks, a bit for each row; for tests of the two paths.
  package func sums(
    of query: Int, in queries: CodeQueries, bound: CodeBound, isPortable: Bool
  ) -> (sums: [Int32], reached: [UInt64]) {
    precondition(queries.padded == padded && queries.bits == bits)
    precondition(query >= 0 && query < queries.count, "query \(query) of \(queries.count)")
    let size = CodeQueries.tableBytes(padded, bits)
    let path: Int32 = isPortable ? 1 : 0
    let known = [queries.bounded(query, by: bound)]
    var small = [UInt16](repeating: 0, count: bits == .one ? factors.count : 0)
    var large = [Int32](repeating: 0, count: bits == .one ? 0 : factors.count)
    var reached = [UInt64](repeating: 0, count: small.count / 64)
    unsafe withStored { stored in
      unsafe queries.tables.withBase { tables in
        let table = unsafe tables + query * size
        if bits == .one {
          unsafe small.withMutableBase { sums in
            unsafe reached.withMutableBase { reached in
              unsafe known.withBase { known in
                unsafe lig_sign_sums(sums, reached, stored, tiles, padded, table, known, path)
              }
            }
          }
        } else {
          unsafe large.withMutableBase {
            unsafe lig_integer_sums(
              $0, stored.pointee.codes, tiles, padded, table, UInt32(bits.rawValue), path)
          }
        }
      }
    }
    return (bits == .one ? small.map { Int32($0) } : large, reached)
  }
}
