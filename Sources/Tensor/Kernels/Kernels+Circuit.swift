import CKernels

extension EntanglingCircuit {
  /// Rows that the kernel works on side by side.
  private static let lanes = 16

  /// Re and Im of U·x for every row; [rows, real + imaginary].
  ///
  /// `x` [rows, width], width at most 2ⁿ. O(layers · n · 2ⁿ) a row.
  func run(
    _ x: Matrix, gates: [Float], real: Int, imaginary: Int
  ) -> Matrix {
    check(x, real: real, imaginary: imaginary)
    let size = amplitudes
    let width = x.columns
    let stride = real + imaginary
    return unsafe Matrix(uninitializedRows: x.rows, columns: stride) { target in
      unsafe x.values.withUnsafeBufferPointer { source in
        unsafe gates.withUnsafeBufferPointer { gates in
          unsafe permutations.withUnsafeBufferPointer { permutations in
            guard let source = source.baseAddress, let gates = gates.baseAddress,
              let permutations = permutations.baseAddress
            else { return }
            Kernels.forEachRange(x.rows, by: Self.lanes) { start, end in
              unsafe withUnsafeTemporaryAllocation(
                of: Float.self, capacity: 4 * Self.lanes * size
              ) { workspace in
                guard let workspace = workspace.baseAddress else { return }
                unsafe lig_circuit_rows(
                  target + start * stride, source + start * width, end - start, width, qubits,
                  layers, gates, permutations, real, imaginary, workspace)
              }
            }
          }
        }
      }
    }
  }

  /// The gradient of `x`, and the moments of every gate summed over the rows in their order.
  func gradient(
    _ gradient: Matrix, of x: Matrix, gates: [Float], real: Int, imaginary: Int
  ) -> (x: Matrix, moments: [Double]) {
    check(x, real: real, imaginary: imaginary)
    precondition(gradient.rows == x.rows && gradient.columns == real + imaginary)
    let size = amplitudes
    let width = x.columns
    let count = gates.count
    let tiles = (x.rows + Self.lanes - 1) / Self.lanes
    var moments = [Double](repeating: 0, count: tiles * count)
    let result = unsafe Matrix(uninitializedRows: x.rows, columns: width) { target in
      unsafe moments.withUnsafeMutableBufferPointer { moments in
        unsafe x.values.withUnsafeBufferPointer { source in
          unsafe gradient.values.withUnsafeBufferPointer { gradient in
            unsafe gates.withUnsafeBufferPointer { gates in
              unsafe permutations.withUnsafeBufferPointer { permutations in
                guard let source = source.baseAddress, let gates = gates.baseAddress,
                  let gradient = gradient.baseAddress, let moments = moments.baseAddress,
                  let permutations = permutations.baseAddress
                else { return }
                Kernels.forEachRange(x.rows, by: Self.lanes) { start, end in
                  unsafe withUnsafeTemporaryAllocation(
                    of: Float.self, capacity: 6 * Self.lanes * size
                  ) { workspace in
                    guard let workspace = workspace.baseAddress else { return }
                    unsafe lig_circuit_rows_gradient(
                      target + start * width, moments + start / Self.lanes * count,
                      gradient + start * (real + imaginary), source + start * width, end - start,
                      width, qubits, layers, gates, permutations, real, imaginary, workspace)
                  }
                }
              }
            }
          }
        }
      }
    }
    var total = [Double](repeating: 0, count: count)
    for index in moments.indices { total[index % count] += moments[index] }
    return (result, total)
  }

  private func check(_ x: Matrix, real: Int, imaginary: Int) {
    precondition(
      x.columns >= 1 && x.columns <= amplitudes, "\(x.columns) values for \(amplitudes) amplitudes")
    precondition(
      (0...amplitudes).contains(real) && (0...amplitudes).contains(imaginary)
        && real + imaginary > 0,
      "\(real) real and \(imaginary) imaginary parts of \(amplitudes) amplitudes")
  }
}
