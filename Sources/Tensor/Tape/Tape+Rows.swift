extension Tape {
  /// The named rows of `x`, in order; [indices.count, columns].
  ///
  /// A row may be named many times: it receives the sum of its gradients.
  public func gatheringRows(_ x: Variable, _ indices: [Int]) -> Variable {
    let rows = x.rows
    return record(value(of: x).gatheringRows(indices), inputs: x) { gradient, gradients in
      gradients.add(gradient.scatteringRows(indices, rows: rows), to: x)
    }
  }

  /// `base` with row i of `x` added to its row `indices[i]`.
  public func addingRows(_ base: Variable, _ x: Variable, at indices: [Int]) -> Variable {
    precondition(
      x.rows == indices.count && x.columns == base.columns,
      "[\(x.rows), \(x.columns)] at \(indices.count) rows of [\(base.rows), \(base.columns)]")
    var sum = value(of: base)
    sum.addRows(value(of: x), at: indices)
    return record(sum, inputs: base, x) { gradient, gradients in
      gradients.add(gradient.gatheringRows(indices), to: x)
      gradients.add(gradient, to: base)
    }
  }

  /// From each row the entries that `columns` names, `count` for a row; [rows, count].
  ///
  /// A column that a row names twice receives both gradients.
  public func gatheringColumns(_ x: Variable, _ columns: [Int32], count: Int) -> Variable {
    precondition(
      columns.count == x.rows * count, "\(columns.count) columns for \(x.rows) rows of \(count)")
    let input = value(of: x)
    var picked = Matrix(rows: x.rows, columns: count)
    for index in columns.indices {
      picked.values[index] = input[index / count, Int(columns[index])]
    }
    let (rows, width) = (x.rows, x.columns)
    return record(picked, inputs: x) { gradient, gradients in
      var result = Matrix(rows: rows, columns: width)
      for index in columns.indices {
        result.values[index / count * width + Int(columns[index])] += gradient.values[index]
      }
      gradients.add(result, to: x)
    }
  }

  /// Every row divided by its sum, which must be positive.
  public func dividingRowsBySum(_ x: Variable) -> Variable {
    let input = value(of: x)
    var shares = input
    var inverses: [Float] = []
    inverses.reserveCapacity(x.rows)
    for row in 0..<x.rows {
      let range = row * x.columns..<(row + 1) * x.columns
      var sum: Float = 0
      for index in range { sum += input.values[index] }
      inverses.append(1 / sum)
      for index in range { shares.values[index] /= sum }
    }
    return record(shares, inputs: x) { gradient, gradients in
      var result = gradient
      for row in 0..<shares.rows {
        let range = row * shares.columns..<(row + 1) * shares.columns
        var along: Float = 0
        for index in range { along += gradient.values[index] * shares.values[index] }
        for index in range {
          result.values[index] = (gradient.values[index] - along) * inverses[row]
        }
      }
      gradients.add(result, to: x)
    }
  }

  /// The mean of the squares of all values; a scalar, 0 without values.
  public func meanOfSquares(_ x: Variable) -> Variable {
    let input = value(of: x)
    let count = Float(max(1, input.values.count))
    let mean = Float(input.dot(input)) / count
    return record(Matrix(rows: 1, columns: 1, values: [mean]), inputs: x) { gradient, gradients in
      var result = input
      result.scale(by: 2 * gradient[0, 0] / count)
      gradients.add(result, to: x)
    }
  }

  /// The same values in rows of another length: [N·V, d] becomes [N, V·d], or the reverse.
  public func reshaping(_ x: Variable, rows: Int, columns: Int) -> Variable {
    precondition(
      rows * columns == x.rows * x.columns,
      "[\(x.rows), \(x.columns)] as [\(rows), \(columns)]")
    let (oldRows, oldColumns) = (x.rows, x.columns)
    let reshaped = Matrix(rows: rows, columns: columns, values: value(of: x).values)
    return record(reshaped, inputs: x) { gradient, gradients in
      gradients.add(
        Matrix(rows: oldRows, columns: oldColumns, values: gradient.values), to: x)
    }
  }

  /// x · factor.
  public func scaling(_ x: Variable, by factor: Float) -> Variable {
    if factor == 1 { return x }
    var scaled = value(of: x)
    scaled.scale(by: factor)
    return record(scaled, inputs: x) { gradient, gradients in
      var result = gradient
      result.scale(by: factor)
      gradients.add(result, to: x)
    }
  }
}
