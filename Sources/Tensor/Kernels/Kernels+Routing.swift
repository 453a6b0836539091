import CKernels

/// The best columns of each row, best first.
public struct RankedColumns: Sendable, Equatable {
  /// How many of each row.
  public let count: Int
  /// `count` columns for each row in turn.
  public let columns: [Int32]
  /// The score that each was chosen by.
  public let scores: [Float]
}

extension Matrix {
  /// The `count` columns of each row with the largest value + bias; equal ones by number.
  ///
  /// `bias` has a value for each column; `count` is 1...columns. O(rows · columns) for few.
  public func topColumns(_ count: Int, bias: [Float]) -> RankedColumns {
    precondition(count >= 1 && count <= columns, "\(count) of \(columns) columns")
    precondition(bias.count == columns, "\(bias.count) biases for \(columns) columns")
    return unsafe ranked(count) { indices, best, first, last in
      unsafe values.withUnsafeBufferPointer { scores in
        unsafe bias.withUnsafeBufferPointer { bias in
          guard let scores = scores.baseAddress, let bias = bias.baseAddress else { return }
          unsafe lig_top_rows(
            indices, best, scores + first * columns, bias, last - first, columns, count)
        }
      }
    }
  }

  /// The `count` best pairs of `first` and `second`, numbered first · codes + second.
  ///
  /// Exact: a pair's score is the sum of its parts' (Lample and others 2019, section 3.2).
  public static func topPairs(
    _ first: RankedColumns, _ second: RankedColumns, codes: Int, count: Int
  ) -> RankedColumns {
    precondition(first.count == second.count && first.columns.count == second.columns.count)
    precondition(
      count >= 1 && count <= codes * codes && first.count == Swift.min(codes, count),
      "\(count) pairs from \(first.count) candidates of \(codes) codes")
    let candidates = first.count
    let rows = Matrix(rows: first.columns.count / candidates, columns: 0)
    return unsafe rows.ranked(count) { indices, best, start, end in
      unsafe first.columns.withUnsafeBufferPointer { a in
        unsafe first.scores.withUnsafeBufferPointer { aScores in
          unsafe second.columns.withUnsafeBufferPointer { b in
            unsafe second.scores.withUnsafeBufferPointer { bScores in
              guard let a = a.baseAddress, let aScores = aScores.baseAddress,
                let b = b.baseAddress, let bScores = bScores.baseAddress
              else { return }
              let offset = start * candidates
              unsafe lig_top_pairs(
                indices, best, a + offset, aScores + offset, b + offset, bScores + offset,
                end - start, candidates, codes, count)
            }
          }
        }
      }
    }
  }

  /// Fills `count` columns and scores of each row, in tiles of rows.
  private func ranked(
    _ count: Int,
    _ body: (
      _ indices: UnsafeMutablePointer<Int32>, _ best: UnsafeMutablePointer<Float>, _ first: Int,
      _ last: Int
    ) -> Void
  ) -> RankedColumns {
    var indices = [Int32](repeating: 0, count: rows * count)
    var best = [Float](repeating: 0, count: rows * count)
    unsafe indices.withUnsafeMutableBufferPointer { indices in
      unsafe best.withUnsafeMutableBufferPointer { best in
        guard let indices = indices.baseAddress, let best = best.baseAddress else { return }
        Kernels.forEachRange(rows, by: 256) { first, last in
          unsafe body(indices + first * count, best + first * count, first, last)
        }
      }
    }
    return RankedColumns(count: count, columns: indices, scores: best)
  }

  /// The normalised entropy of each row's energy: −Σ p ln p / ln columns with p = x² / Σ x².
  ///
  /// Within 0...1; 0 for a row of zeros or of one column.
  public func energyEntropyOfRows() -> [Float] {
    unsafe scalarOfRows { target, source, rows in
      unsafe lig_energy_entropy_rows(target, source, rows, columns)
    }
  }

  /// The entropy of each row's softmax, in nats.
  public func softmaxEntropyOfRows() -> [Float] {
    precondition(columns > 0, "softmax of empty rows")
    return unsafe scalarOfRows { target, source, rows in
      unsafe lig_softmax_entropy_rows(target, source, rows, columns)
    }
  }

  private func scalarOfRows(
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
  ) -> [Float] {
    var scalars = [Float](repeating: 0, count: rows)
    unsafe scalars.withUnsafeMutableBufferPointer { target in
      unsafe values.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { first, last in
          unsafe body(target + first, source + first * columns, last - first)
        }
      }
    }
    return scalars
  }

  /// 1 / (1 + exp −x) of every value, never zero.
  public func sigmoid() -> Matrix {
    unsafe mapTiles { target, source, count in unsafe lig_sigmoid(target, source, count) }
  }

  /// ln(1 + exp x) of every value.
  func softplus() -> Matrix {
    unsafe mapTiles { target, source, count in unsafe lig_softplus(target, source, count) }
  }
}
