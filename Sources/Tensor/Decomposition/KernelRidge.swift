/// Kernel ridge regression with leave-group-out predictions.
///
/// α = (K + λI)⁻¹·Y minimises ‖Y − K·α‖² + λ·tr(αᵀKα) (Saunders, Gammerman, Vovk 1998, "Ridge
/// regression learning algorithm in dual variables"). What the fit would have predicted for the
/// rows of a group without them is Y_g − [(K + λI)⁻¹]_gg⁻¹·α_g, exactly and without another fit (the
/// block form of Allen's PRESS; Rifkin and Lippert 2007, "Notes on regularized least squares",
/// section 4).
public struct KernelRidge: Sendable {
  /// α; [n, targets].
  public let dual: Matrix
  /// The prediction for each row without its group's help; [n, targets].
  public let heldOut: Matrix

  /// Fits `targets` [n, targets] on `kernel` [n, n], which is used up; `groups[i]` names row i's
  /// group, and the penalty λ is more than 0.
  ///
  /// 2n³/3 operations and no memory beyond the kernel and two results. Nil when K + λI is not
  /// positive definite in 32 bits: the penalty is too small.
  public init?(kernel: consuming Matrix, targets: Matrix, groups: [Int], penalty: Float) {
    let count = targets.rows
    precondition(
      kernel.rows == count && kernel.columns == count && groups.count == count,
      "kernel [\(kernel.rows), \(kernel.columns)], \(groups.count) groups, \(count) targets")
    precondition(penalty > 0, "a penalty of \(penalty)")
    for row in 0..<count { kernel[row, row] += penalty }
    if !Kernels.factorCholesky(&kernel) { return nil }
    let factor = kernel
    var dual = targets
    Kernels.solveCholesky(upper: factor, &dual)
    self.dual = dual
    var members: [Int: [Int]] = [:]
    for (row, group) in groups.enumerated() { members[group, default: []].append(row) }
    heldOut = Self.heldOut(
      factor: factor, dual: dual, targets: targets,
      groups: members.values.sorted { $0[0] < $1[0] })
  }

  private static func heldOut(
    factor: Matrix, dual: Matrix, targets: Matrix, groups: [[Int]]
  ) -> Matrix {
    let blocks = inverseBlocks(factor: factor, groups: groups)
    let width = targets.columns
    let predictions = Parallel.map(groups.count, by: 16) { index -> [Float] in
      let rows = groups[index]
      let residuals = solve(blocks[index], rows.map { row in dual.row(row).map(Double.init) })
      var values: [Float] = []
      values.reserveCapacity(rows.count * width)
      for (row, residual) in zip(rows, residuals) {
        for (target, difference) in zip(targets.row(row), residual) {
          values.append(target - Float(difference))
        }
      }
      return values
    }
    var result = Matrix(rows: targets.rows, columns: width)
    for (rows, values) in zip(groups, predictions) {
      for (place, row) in rows.enumerated() {
        result.values.replaceSubrange(
          row * width..<(row + 1) * width, with: values[place * width..<(place + 1) * width])
      }
    }
    return result
  }

  /// The block of (K + λI)⁻¹ = R⁻¹·R⁻ᵀ that belongs to each group, from R⁻¹ column by column.
  private static func inverseBlocks(factor: Matrix, groups: [[Int]]) -> [[[Double]]] {
    var blocks = groups.map { rows in
      [[Double]](repeating: [Double](repeating: 0, count: rows.count), count: rows.count)
    }
    let strips = stride(from: 0, to: factor.rows, by: 128).map { start in
      start..<min(start + 128, factor.rows)
    }
    // A few strips at a time, so that they do not all lie in memory.
    for first in stride(from: 0, to: strips.count, by: 16) {
      let sums = Parallel.map(min(16, strips.count - first), by: 1) { place -> [Double] in
        let columns = Kernels.inverseColumns(strips[first + place], ofUpper: factor)
        var sums: [Double] = []
        for rows in groups {
          for (place, i) in rows.enumerated() {
            for j in rows[...place] {
              sums.append(
                max(i, j) < columns.rows ? Double(dot(columns.row(i), columns.row(j))) : 0)
            }
          }
        }
        return sums
      }
      for strip in sums {
        var next = 0
        for group in groups.indices {
          for i in groups[group].indices {
            for j in 0...i {
              blocks[group][i][j] += strip[next]
              if i != j { blocks[group][j][i] = blocks[group][i][j] }
              next += 1
            }
          }
        }
      }
    }
    return blocks
  }

  private static func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    var sum: Float = 0
    for (x, y) in zip(a, b) { sum += x * y }
    return sum
  }

  /// X with A·X = B for a symmetric positive definite A; elimination without pivoting.
  private static func solve(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    var (a, x) = (a, b)
    let count = a.count
    for pivot in 0..<count {
      for row in pivot + 1..<max(pivot + 1, count) {
        let factor = a[row][pivot] / a[pivot][pivot]
        if factor == 0 { continue }
        for column in pivot..<count { a[row][column] -= factor * a[pivot][column] }
        for column in x[row].indices { x[row][column] -= factor * x[pivot][column] }
      }
    }
    for pivot in (0..<count).reversed() {
      for column in x[pivot].indices {
        var value = x[pivot][column]
        for other in pivot + 1..<max(pivot + 1, count) {
          value -= a[pivot][other] * x[other][column]
        }
        x[pivot][column] = value / a[pivot][pivot]
      }
    }
    return x
  }
}
