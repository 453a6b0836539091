extension Tape {
  /// 1 / (1 + exp −x), never zero.
  public func sigmoid(_ x: Variable) -> Variable {
    let output = value(of: x).sigmoid()
    return record(output, inputs: x) { gradient, gradients in
      var result = gradient
      for index in result.values.indices {
        result.values[index] *= output.values[index] * (1 - output.values[index])
      }
      gradients.add(result, to: x)
    }
  }

  /// ln(1 + exp x).
  public func softplus(_ x: Variable) -> Variable {
    let input = value(of: x)
    return record(input.softplus(), inputs: x) { gradient, gradients in
      let slope = input.sigmoid()
      var result = gradient
      for index in result.values.indices { result.values[index] *= slope.values[index] }
      gradients.add(result, to: x)
    }
  }
}
