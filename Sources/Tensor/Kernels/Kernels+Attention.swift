import CKernels

/// The ragged batch an attention works on: queries and keys of segment s meet one another only.
struct AttentionShape {
  let queries: Segments
  let keys: Segments
  let width: Int
  let heads: Int

  init(queries: Segments, keys: Segments, width: Int, heads: Int) {
    precondition(
      queries.count == keys.count, "\(queries.count) segments of queries, \(keys.count) of keys")
    precondition(heads > 0 && width % heads == 0, "\(heads) heads for a width of \(width)")
    self.queries = queries
    self.keys = keys
    self.width = width
    self.heads = heads
  }

  fileprivate func check(queries q: Matrix, keys k: Matrix, values v: Matrix) {
    precondition(
      q.rows == queries.rowCount && q.columns == width, "queries [\(q.rows), \(q.columns)]")
    precondition(k.rows == keys.rowCount && k.columns == width, "keys [\(k.rows), \(k.columns)]")
    precondition(v.rows == k.rows && v.columns == width, "values [\(v.rows), \(v.columns)]")
  }

  /// Segments in a tile.
  fileprivate static let tile = 4
}

extension Matrix {
  /// Attention of these queries; [rows, width].
  func attention(keys: Matrix, values: Matrix, _ shape: AttentionShape) -> Matrix {
    shape.check(queries: self, keys: keys, values: values)
    let (width, heads) = (shape.width, shape.heads)
    return unsafe Matrix(uninitializedRows: rows, columns: width) { target in
      unsafe self.values.withBase { q in
        unsafe keys.values.withBase { k in
          unsafe values.values.withBase { v in
            Kernels.forEachRange(shape.queries.count, by: AttentionShape.tile) { first, last in
              let longest = (first..<last).map { shape.keys[$0].count }.max() ?? 0
              unsafe Kernels.withScratch(lig_attention_scratch(longest, width, heads)) { scratch in
                for segment in first..<last {
                  let (rows, others) = (shape.queries[segment], shape.keys[segment])
                  let (start, other) = (rows.lowerBound * width, others.lowerBound * width)
                  unsafe lig_attention_segment(
                    target + start, q + start, k + other, v + other, rows.count, others.count,
                    width, heads, scratch)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The gradients through ``attention(keys:values:_:)``; self is the gradient of its output.
  func throughAttention(
    queries: Matrix, keys: Matrix, values: Matrix, _ shape: AttentionShape
  ) -> (queries: Matrix, keys: Matrix, values: Matrix) {
    shape.check(queries: queries, keys: keys, values: values)
    let (width, heads) = (shape.width, shape.heads)
    var dq = Matrix(rows: queries.rows, columns: width)
    var dk = Matrix(rows: keys.rows, columns: width)
    var dv = Matrix(rows: keys.rows, columns: width)
    unsafe dq.values.withMutableBase { dq in
      unsafe dk.values.withMutableBase { dk in
        unsafe dv.values.withMutableBase { dv in
          unsafe self.values.withBase { dy in
            unsafe queries.values.withBase { q in
              unsafe keys.values.withBase { k in
                unsafe values.values.withBase { v in
                  Kernels.forEachRange(shape.queries.count, by: AttentionShape.tile) {
                    first, last in
                    for segment in first..<last {
                      let (rows, others) = (shape.queries[segment], shape.keys[segment])
                      let (start, other) = (rows.lowerBound * width, others.lowerBound * width)
                      let size = lig_attention_gradient_scratch(
                        rows.count, others.count, width, heads)
                      unsafe Kernels.withScratch(size) { scratch in
                        unsafe lig_attention_segment_gradient(
                          dq + start, dk + other, dv + other, dy + start, q + start, k + other,
                          v + other, rows.count, others.count, width, heads, scratch)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return (dq, dk, dv)
  }

  /// Every row turned by its position; `direction` is 1 or −1.
  func rotated(
    by table: RotaryTable, positions: [Int32], heads: Int, direction: Float
  ) -> Matrix {
    precondition(positions.count == rows, "\(positions.count) positions for \(rows) rows")
    precondition(
      heads > 0 && columns == 2 * table.cosines.columns * heads,
      "\(heads) heads of \(2 * table.cosines.columns) for a width of \(columns)")
    for position in positions {
      precondition(
        position >= 0 && Int(position) < table.cosines.rows,
        "position \(position) of \(table.cosines.rows)")
    }
    let width = columns
    return unsafe Matrix(uninitializedRows: rows, columns: width) { target in
      unsafe values.withBase { source in
        unsafe positions.withBase { positions in
          unsafe table.cosines.values.withBase { cosines in
            unsafe table.sines.values.withBase { sines in
              Kernels.forEachRange(rows, by: Kernels.rowTile(width: width)) { start, end in
                unsafe lig_rotate(
                  target + start * width, source + start * width, positions + start, cosines,
                  sines, end - start, width, heads, direction)
              }
            }
          }
        }
      }
    }
  }
}
