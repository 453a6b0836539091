import CKernels

/// A layer-normalised matrix with the row statistics its backward pass needs.
struct LayerNormalized {
  let output: Matrix
  /// μ, [rows, 1].
  let means: Matrix
  /// 1/√(σ² + ε), [rows, 1].
  let inverseDeviations: Matrix
}

extension Matrix {
  func layerNormalized(gain: Matrix, bias: Matrix) -> LayerNormalized {
    precondition(gain.rows == 1 && gain.columns == columns, "gain \(gain.columns) of \(columns)")
    precondition(bias.rows == 1 && bias.columns == columns, "bias \(bias.columns) of \(columns)")
    var means = Matrix(rows: rows, columns: 1)
    var inverses = Matrix(rows: rows, columns: 1)
    let output = unsafe Matrix(uninitializedRows: rows, columns: columns) { target in
      unsafe values.withUnsafeBufferPointer { x in
        unsafe gain.values.withUnsafeBufferPointer { gain in
          unsafe bias.values.withUnsafeBufferPointer { bias in
            unsafe means.values.withUnsafeMutableBufferPointer { means in
              unsafe inverses.values.withUnsafeMutableBufferPointer { inverses in
                guard let x = x.baseAddress, let gain = gain.baseAddress,
                  let bias = bias.baseAddress, let means = means.baseAddress,
                  let inverses = inverses.baseAddress
                else { return }
                Kernels.forEachRange(rows, by: Kernels.rowTile(width: columns)) { start, end in
                  let offset = start * columns
                  unsafe lig_layer_norm(
                    target + offset, means + start, inverses + start, x + offset, gain, bias,
                    end - start, columns)
                }
              }
            }
          }
        }
      }
    }
    return LayerNormalized(output: output, means: means, inverseDeviations: inverses)
  }

  /// The gradients through ``layerNormalized(gain:bias:)``; self is the gradient of its output.
  ///
  /// One thread: the sums into gain and bias keep one order.
  func throughLayerNorm(
    input: Matrix, gain: Matrix, statistics: LayerNormalized
  ) -> (input: Matrix, gain: Matrix, bias: Matrix) {
    var gainGradient = Matrix(rows: 1, columns: columns)
    var biasGradient = Matrix(rows: 1, columns: columns)
    let inputGradient = unsafe Matrix(uninitializedRows: rows, columns: columns) { target in
      unsafe values.withUnsafeBufferPointer { dy in
        unsafe input.values.withUnsafeBufferPointer { x in
          unsafe gain.values.withUnsafeBufferPointer { gain in
            unsafe gainGradient.values.withUnsafeMutableBufferPointer { dgain in
              unsafe biasGradient.values.withUnsafeMutableBufferPointer { dbias in
                unsafe statistics.means.values.withUnsafeBufferPointer { means in
                  unsafe statistics.inverseDeviations.values.withUnsafeBufferPointer { inverses in
                    guard let dy = dy.baseAddress, let x = x.baseAddress,
                      let gain = gain.baseAddress, let dgain = dgain.baseAddress,
                      let dbias = dbias.baseAddress, let means = means.baseAddress,
                      let inverses = inverses.baseAddress
                    else { return }
                    unsafe lig_layer_norm_gradient(
                      target, dgain, dbias, dy, x, means, inverses, gain, rows, columns)
                  }
                }
              }
            }
          }
        }
      }
    }
    return (inputGradient, gainGradient, biasGradient)
  }
}
