import CKernels

extension RelationEdges {
  /// y[t, b] = Σ w·mix[r, b]·x[s] over the edges (s, r, w) of target t; [targets, bases · width].
  func messages(from x: Matrix, mix: Matrix) -> Matrix {
    check(x, mix)
    let (bases, width) = (mix.columns, x.columns)
    return unsafe Matrix(uninitializedRows: targets, columns: bases * width) { target in
      unsafe withPointers(x, mix) { x, mix, offsets, sources, relations, weights in
        Kernels.forEachRange(targets, by: Kernels.rowTile(width: 8 * bases * width)) { start, end in
          unsafe lig_relation_messages(
            target, x, mix, offsets, sources, relations, weights, start, end, bases, width)
        }
      } whenEmpty: {
        unsafe target.update(repeating: 0, count: targets * bases * width)
      }
    }
  }

  /// The gradients of x and mix; one thread, so that sums keep one order.
  func messagesGradient(_ gradient: Matrix, x: Matrix, mix: Matrix) -> (x: Matrix, mix: Matrix) {
    check(x, mix)
    var dx = Matrix(rows: x.rows, columns: x.columns)
    var dmix = Matrix(rows: mix.rows, columns: mix.columns)
    let (bases, width) = (mix.columns, x.columns)
    unsafe dx.values.withUnsafeMutableBufferPointer { dx in
      unsafe dmix.values.withUnsafeMutableBufferPointer { dmix in
        unsafe gradient.values.withUnsafeBufferPointer { dy in
          unsafe withPointers(x, mix) { x, mix, offsets, sources, relations, weights in
            guard let dx = dx.baseAddress, let dmix = dmix.baseAddress, let dy = dy.baseAddress
            else { return }
            unsafe lig_relation_messages_gradient(
              dx, dmix, dy, x, mix, offsets, sources, relations, weights, targets, bases, width)
          } whenEmpty: {
          }
        }
      }
    }
    return (dx, dmix)
  }

  private func check(_ x: Matrix, _ mix: Matrix) {
    precondition(
      x.rows == sources && mix.rows == relations && mix.columns > 0,
      "x [\(x.rows), \(x.columns)], mix [\(mix.rows), \(mix.columns)] for \(sources) sources and "
        + "\(relations) relations")
  }

  private func withPointers(
    _ x: Matrix, _ mix: Matrix,
    _ body: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Int32>,
      UnsafePointer<Int32>, UnsafePointer<Float>
    ) -> Void, whenEmpty: () -> Void
  ) {
    unsafe x.values.withUnsafeBufferPointer { x in
      unsafe mix.values.withUnsafeBufferPointer { mix in
        unsafe offsets.withUnsafeBufferPointer { offsets in
          unsafe sourceIndices.withUnsafeBufferPointer { sources in
            unsafe relationIndices.withUnsafeBufferPointer { relations in
              unsafe weights.withUnsafeBufferPointer { weights in
                guard weights.count > 0, let x = x.baseAddress, let mix = mix.baseAddress,
                  let offsets = offsets.baseAddress, let sources = sources.baseAddress,
                  let relations = relations.baseAddress, let weights = weights.baseAddress
                else { return whenEmpty() }
                unsafe body(x, mix, offsets, sources, relations, weights)
              }
            }
          }
        }
      }
    }
  }
}
