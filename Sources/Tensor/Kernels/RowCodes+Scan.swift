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
    let known = bounds.indices.map { query in
      lig_code_query(
        scale: queries.scales[query], offset: queries.offsets[query],
        margin: bounds[query].margin, threshold: bounds[query].threshold)
    }
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
    unsafe codes.withBase { codes in
      unsafe factors.withBase { factors in
        unsafe errors.withBase { errors in
          unsafe queries.tables.withBase { tables in
            unsafe known.withBase { known in
              unsafe (allowed ?? []).withBase { mask in
                next = unsafe lig_scan_codes(
                  rows, estimates, counts, capacity, codes, factors, errors, padded,
                  UInt32(bits.rawValue), range.lowerBound, range.upperBound,
                  allowed == nil ? nil : mask, tables, known,
                  queries.count)
              }
            }
          }
        }
      }
    }
    return next
  }

  /// Σ of a query's table entries for every row, tile after tile; for tests of the two paths.
  package func sums(of query: Int, in queries: CodeQueries, isPortable: Bool) -> [Int32] {
    precondition(queries.padded == padded && queries.bits == bits)
    precondition(query >= 0 && query < queries.count, "query \(query) of \(queries.count)")
    let size = CodeQueries.tableBytes(padded, bits)
    let path: Int32 = isPortable ? 1 : 0
    var small = [UInt16](repeating: 0, count: bits == .one ? factors.count : 0)
    var large = [Int32](repeating: 0, count: bits == .one ? 0 : factors.count)
    unsafe codes.withBase { codes in
      unsafe queries.tables.withBase { tables in
        let table = unsafe tables + query * size
        if bits == .one {
          unsafe small.withMutableBase {
            unsafe lig_sign_sums($0, codes, tiles, padded, table, path)
          }
        } else {
          unsafe large.withMutableBase {
            unsafe lig_integer_sums(
              $0, codes, tiles, padded, table, UInt32(bits.rawValue), path)
          }
        }
      }
    }
    return bits == .one ? small.map { Int32($0) } : large
  }
}
