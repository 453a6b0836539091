extension Tape {
  /// Softmax of every row.
  public func softmax(_ x: Variable) -> Variable {
    let output = value(of: x).softmaxRows()
    return record(output, inputs: x) { gradient, gradients in
      var result = gradient
      for row in 0..<output.rows {
        let range = row * output.columns..<(row + 1) * output.columns
        var along: Float = 0
        for index in range { along += gradient.values[index] * output.values[index] }
        for index in range {
          result.values[index] = output.values[index] * (gradient.values[index] - along)
        }
      }
      gradients.add(result, to: x)
    }
  }

  /// log Σ exp of every row; [rows, 1].
  public func logSumExp(_ x: Variable) -> Variable {
    let input = value(of: x)
    let sums = input.logSumExpOfRows()
    return record(sums, inputs: x) { gradient, gradients in
      var result = input.softmaxRows()
      for row in 0..<result.rows {
        for column in 0..<result.columns { result[row, column] *= gradient[row, 0] }
      }
      gradients.add(result, to: x)
    }
  }

  /// Mean cross-entropy of square logits [N, N] whose row i belongs to class i; a scalar.
  public func crossEntropyOfDiagonal(_ logits: Variable) -> Variable {
    precondition(logits.rows == logits.columns, "[\(logits.rows), \(logits.columns)] is not square")
    let input = value(of: logits)
    let sums = input.logSumExpOfRows()
    let count = input.rows
    var total: Double = 0
    for row in 0..<count { total += Double(sums[row, 0] - input[row, row]) }
    let mean = Matrix(rows: 1, columns: 1, values: [Float(total / Double(count))])
    return record(mean, inputs: logits) { gradient, gradients in
      var result = input.softmaxRows()
      for row in 0..<count { result[row, row] -= 1 }
      result.scale(by: gradient[0, 0] / Float(count))
      gradients.add(result, to: logits)
    }
  }

  /// (a + b) / 2 of two scalars.
  public func mean(_ a: Variable, _ b: Variable) -> Variable {
    precondition(a.rows * a.columns == 1 && b.rows * b.columns == 1, "mean of two scalars")
    let mean = (value(of: a)[0, 0] + value(of: b)[0, 0]) / 2
    return record(Matrix(rows: 1, columns: 1, values: [mean]), inputs: a, b) {
      gradient, gradients in
      var half = gradient
      half.scale(by: 0.5)
      gradients.add(half, to: a)
      gradients.add(half, to: b)
    }
  }
}
