extension Tape {
  /// a ∘ b, value by value; equal shapes.
  package func multiplying(_ a: Variable, _ b: Variable) -> Variable {
    let (aValue, bValue) = (value(of: a), value(of: b))
    return record(aValue.multiplied(by: bValue), inputs: a, b) { gradient, gradients in
      gradients.add(gradient.multiplied(by: bValue), to: a)
      gradients.add(gradient.multiplied(by: aValue), to: b)
    }
  }
}

extension Matrix {
  /// The products of the values at each place.
  fileprivate func multiplied(by other: Matrix) -> Matrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "[\(rows), \(columns)] times [\(other.rows), \(other.columns)] by value")
    var result = self
    for index in result.values.indices { result.values[index] *= other.values[index] }
    return result
  }
}
