import Foundation

/// Symmetric InfoNCE over N pairs with its gradients, never holding an N × N matrix.
///
/// Source: Radford and others 2021 (CLIP), figure 3. S = scale·A·Bᵀ [N, N]; row i's match is
/// column i; L = ½ (mean cross-entropy of rows + that of columns). S is made in strips of rows,
/// twice: once for the log-sum-exps, once for dL/dS = (row softmax + column softmax − 2·I) / 2N.
/// Memory beyond inputs and gradients: one strip [stripRows, N]. O(N²·d).
public struct SymmetricContrast: Sendable {
  /// L.
  public let loss: Float
  /// dL/dA; [N, d].
  public let first: Matrix
  /// dL/dB; [N, d].
  public let second: Matrix
  /// dL/d log scale.
  public let logScale: Float

  /// Rows of a strip unless told: 16 MB of logits for N = 8,192.
  public static let stripRows = 512

  /// Evaluates the loss for A and B [N, d] and scale = exp(logScale).
  public init(
    _ first: Matrix, _ second: Matrix, logScale: Float,
    stripRows: Int = SymmetricContrast.stripRows
  ) {
    precondition(
      first.rows == second.rows && first.columns == second.columns && first.rows > 0,
      "pairs of [\(first.rows), \(first.columns)] and [\(second.rows), \(second.columns)]")
    precondition(stripRows >= 1, "strips of \(stripRows) rows")
    let count = first.rows
    let scale = exp(logScale)
    let strips = stride(from: 0, to: count, by: stripRows).map { $0..<min($0 + stripRows, count) }
    func logits(_ strip: Range<Int>) -> (rows: Matrix, logits: Matrix) {
      let rows = first.gatheringRows(Array(strip))
      return (rows, Matrix.product(rows, second, transposingB: true, factor: scale))
    }

    var peaks = [Float](repeating: -3e38, count: count)
    var columnSums = [Float](repeating: 0, count: count)
    var rowSums: [Float] = []
    var total: Double = 0
    for strip in strips {
      let s = logits(strip).logits
      rowSums += s.logSumExpOfRows().values
      Kernels.addColumnExpSums(of: s, peaks: &peaks, sums: &columnSums)
      for row in strip { total -= 2 * Double(s[row - strip.lowerBound, row]) }
    }
    for column in 0..<count { columnSums[column] = peaks[column] + log(columnSums[column]) }
    for index in 0..<count { total += Double(rowSums[index]) + Double(columnSums[index]) }
    loss = Float(total / Double(2 * count))

    var pieces: [Matrix] = []
    var secondGradient = Matrix(rows: count, columns: second.columns)
    var slope: Double = 0
    for strip in strips {
      var (rows, s) = logits(strip)
      slope += Kernels.contrastGradient(
        of: &s, firstRow: strip.lowerBound, rowSums: rowSums, columnSums: columnSums,
        factor: 1 / Float(2 * count))
      pieces.append(Matrix.product(s, second, factor: scale))
      secondGradient.add(Matrix.product(s, rows, transposingA: true, factor: scale))
    }
    self.first = Matrix.joiningRows(pieces)
    self.second = secondGradient
    self.logScale = Float(slope)
  }
}

extension Tape {
  /// Symmetric InfoNCE of matching rows (see ``SymmetricContrast``); a scalar.
  ///
  /// `a`, `b` [N, d]; `logScale` is a scalar. The gradients are made with the value.
  public func symmetricContrast(
    _ a: Variable, _ b: Variable, logScale: Variable,
    stripRows: Int = SymmetricContrast.stripRows
  ) -> Variable {
    precondition(logScale.rows == 1 && logScale.columns == 1, "the scale must be a scalar")
    let result = SymmetricContrast(
      value(of: a), value(of: b), logScale: value(of: logScale)[0, 0], stripRows: stripRows)
    let loss = Matrix(rows: 1, columns: 1, values: [result.loss])
    return record(loss, inputs: a, b, logScale) { gradient, gradients in
      let factor = gradient[0, 0]
      for (part, variable) in [(result.first, a), (result.second, b)] {
        var scaled = part
        scaled.scale(by: factor)
        gradients.add(scaled, to: variable)
      }
      gradients.add(
        Matrix(rows: 1, columns: 1, values: [result.logScale * factor]), to: logScale)
    }
  }
}
