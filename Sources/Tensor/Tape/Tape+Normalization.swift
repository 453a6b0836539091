extension Tape {
  /// Every row to unit Euclidean length (divisor at least 10⁻¹²).
  ///
  /// A row of zeros stays zero and passes no gradient.
  public func normalizingRows(_ x: Variable) -> Variable {
    let (unit, norms) = value(of: x).normalizedRows()
    return record(unit, inputs: x) { gradient, gradients in
      gradients.add(gradient.throughNormalization(unit: unit, norms: norms), to: x)
    }
  }

  /// Layer normalisation of every row, ε = 10⁻⁵ (Ba, Kiros, Hinton 2016, equation 4).
  ///
  /// `gain` and `bias` are [1, columns].
  public func layerNorm(_ x: Variable, gain: Variable, bias: Variable) -> Variable {
    let input = value(of: x)
    let gainValue = value(of: gain)
    let normalized = input.layerNormalized(gain: gainValue, bias: value(of: bias))
    return record(normalized.output, inputs: x, gain, bias) { gradient, gradients in
      let result = gradient.throughLayerNorm(
        input: input, gain: gainValue, statistics: normalized)
      gradients.add(result.input, to: x)
      gradients.add(result.gain, to: gain)
      gradients.add(result.bias, to: bias)
    }
  }
}
