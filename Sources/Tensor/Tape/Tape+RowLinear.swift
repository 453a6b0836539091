extension Tape {
  /// y = x·Wᵀ + b whose rows have the same bits whatever the other rows are.
  ///
  /// `x` [rows, input]; `weight` [output, input]; `bias` [1, output] → [rows, output]. The layers
  /// of ragged batches and of knowledge use it, so that batch-mates never change an embedding;
  /// ``linear(_:weight:bias:)`` may round differently in another batch.
  package func rowLinear(_ x: Variable, weight: Variable, bias: Variable? = nil) -> Variable {
    let input = value(of: x)
    let weightValue = value(of: weight)
    let (xNeeds, weightNeeds) = (needsGradient(x), needsGradient(weight))
    let output = input.rowProduct(weight: weightValue, bias: bias.map { value(of: $0) })
    let backward: Backward = { gradient, gradients in
      if let bias { gradients.add(gradient.sumOfRows(), to: bias) }
      if xNeeds { gradients.add(Matrix.product(gradient, weightValue), to: x) }
      if weightNeeds {
        gradients.add(Matrix.product(gradient, input, transposingA: true), to: weight)
      }
    }
    guard let bias else { return record(output, inputs: x, weight, backward: backward) }
    return record(output, inputs: x, weight, bias, backward: backward)
  }

  /// Both matrices side by side: [rows, a.columns + b.columns].
  package func concatenatingColumns(_ a: Variable, _ b: Variable) -> Variable {
    precondition(a.rows == b.rows, "\(a.rows) and \(b.rows) rows side by side")
    let joined = value(of: a).appendingColumns(of: value(of: b))
    return record(joined, inputs: a, b) { gradient, gradients in
      gradients.add(gradient.columns(0..<a.columns), to: a)
      gradients.add(gradient.columns(a.columns..<a.columns + b.columns), to: b)
    }
  }
}
