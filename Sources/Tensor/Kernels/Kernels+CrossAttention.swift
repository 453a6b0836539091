import CKernels

/// The sizes of an attention from every item's views to its own slots.
package struct CrossAttentionShape: Sendable, Equatable {
  /// Views of an item.
  package let views: Int
  /// Slots of an item.
  package let slots: Int
  /// Heads; they divide the widths of queries, keys and values.
  package let heads: Int

  /// Sizes of at least 1.
  package init(views: Int, slots: Int, heads: Int) {
    precondition(views >= 1 && slots >= 1 && heads >= 1, "\(views), \(slots), \(heads)")
    self.views = views
    self.slots = slots
    self.heads = heads
  }
}

/// One attention: what the forward pass read, and the weights its backward pass needs.
struct CrossAttention {
  let shape: CrossAttentionShape
  let queries: Matrix
  let keys: Matrix
  let values: Matrix
  /// One byte for each slot, not 0 where it is open.
  let mask: [UInt8]

  private var items: Int { queries.rows / shape.views }
  private var keyWidth: Int { queries.columns / shape.heads }
  private var valueWidth: Int { values.columns / shape.heads }
  private var scale: Float { 1 / Float(keyWidth).squareRoot() }
  /// Items in a tile; depends on the shape only.
  private var tile: Int {
    Kernels.rowTile(width: (shape.views + 2 * shape.slots) * (queries.columns + values.columns))
  }

  init(
    shape: CrossAttentionShape, queries: Matrix, keys: Matrix, values: Matrix, mask: [Bool]
  ) {
    precondition(
      queries.rows % shape.views == 0 && keys.rows == values.rows
        && keys.rows == queries.rows / shape.views * shape.slots && mask.count == keys.rows,
      "\(queries.rows) queries, \(keys.rows) keys, \(values.rows) values, \(mask.count) in the mask "
        + "for \(shape.views) views and \(shape.slots) slots")
    precondition(
      queries.columns == keys.columns && queries.columns % shape.heads == 0
        && values.columns % shape.heads == 0 && queries.columns > 0 && values.columns > 0,
      "widths \(queries.columns), \(keys.columns), \(values.columns) for \(shape.heads) heads")
    self.shape = shape
    self.queries = queries
    self.keys = keys
    self.values = values
    self.mask = mask.map { $0 ? 1 : 0 }
  }

  /// The attended values [items · views, width] and the weights [items, heads · views · slots].
  func forward() -> (output: Matrix, weights: Matrix) {
    var weights = Matrix(rows: items, columns: shape.heads * shape.views * shape.slots)
    let perItem = weights.columns
    let output = unsafe Matrix(uninitializedRows: queries.rows, columns: values.columns) { y in
      unsafe weights.values.withUnsafeMutableBufferPointer { weights in
        unsafe withInputs { q, k, v, mask in
          guard let weights = weights.baseAddress else { return }
          Kernels.forEachRange(items, by: tile) { start, end in
            let (query, slot) = (start * shape.views, start * shape.slots)
            unsafe lig_cross_attention(
              y + query * values.columns, weights + start * perItem, q + query * queries.columns,
              k + slot * keys.columns, v + slot * values.columns, mask + slot, end - start,
              shape.views, shape.slots, shape.heads, keyWidth, valueWidth, scale)
          }
        }
      }
    }
    return (output, weights)
  }

  /// The gradients of queries, keys and values.
  func backward(
    _ gradient: Matrix, weights: Matrix
  ) -> (queries: Matrix, keys: Matrix, values: Matrix) {
    var dk = Matrix(rows: keys.rows, columns: keys.columns)
    var dv = Matrix(rows: values.rows, columns: values.columns)
    let dq = unsafe Matrix(uninitializedRows: queries.rows, columns: queries.columns) { dq in
      unsafe dk.values.withUnsafeMutableBufferPointer { dk in
        unsafe dv.values.withUnsafeMutableBufferPointer { dv in
          unsafe gradient.values.withUnsafeBufferPointer { dy in
            unsafe weights.values.withUnsafeBufferPointer { w in
              unsafe withInputs { q, k, v, mask in
                guard let dk = dk.baseAddress, let dv = dv.baseAddress, let dy = dy.baseAddress,
                  let w = w.baseAddress
                else { return }
                Kernels.forEachRange(items, by: tile) { start, end in
                  let (query, slot) = (start * shape.views, start * shape.slots)
                  unsafe lig_cross_attention_gradient(
                    dq + query * queries.columns, dk + slot * keys.columns,
                    dv + slot * values.columns, dy + query * values.columns,
                    w + start * weights.columns, q + query * queries.columns,
                    k + slot * keys.columns, v + slot * values.columns, mask + slot, end - start,
                    shape.views, shape.slots, shape.heads, keyWidth, valueWidth, scale)
                }
              }
            }
          }
        }
      }
    }
    return (dq, dk, dv)
  }

  private func withInputs(
    _ body: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<UInt8>
    ) -> Void
  ) {
    unsafe queries.values.withUnsafeBufferPointer { q in
      unsafe keys.values.withUnsafeBufferPointer { k in
        unsafe values.values.withUnsafeBufferPointer { v in
          unsafe mask.withUnsafeBufferPointer { mask in
            guard let q = q.baseAddress, let k = k.baseAddress, let v = v.baseAddress,
              let mask = mask.baseAddress
            else { return }
            unsafe body(q, k, v, mask)
          }
        }
      }
    }
  }
}
