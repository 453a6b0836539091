import Foundation

extension Tape {
  /// GELU, tanh form (Hendrycks & Gimpel 2016, section 2).
  public func gelu(_ x: Variable) -> Variable {
    let input = value(of: x)
    return record(input.gelu(), inputs: x) { gradient, gradients in
      var result = gradient
      result.multiplyByGELUDerivative(at: input)
      gradients.add(result, to: x)
    }
  }

  /// Inverted dropout: zeroes a value with probability `rate` (0..<1), scales the rest.
  ///
  /// The mask is a function of `seed` and position, so equal seeds give equal masks.
  public func dropout(_ x: Variable, rate: Float, seed: UInt64) -> Variable {
    if rate == 0 { return x }
    var dropped = value(of: x)
    dropped.applyDropout(rate: rate, seed: seed)
    return record(dropped, inputs: x) { gradient, gradients in
      var result = gradient
      result.applyDropout(rate: rate, seed: seed)
      gradients.add(result, to: x)
    }
  }

  /// x · exp(logScale); `logScale` is a scalar.
  public func scaling(_ x: Variable, byExpOf logScale: Variable) -> Variable {
    precondition(logScale.rows == 1 && logScale.columns == 1, "the scale must be a scalar")
    let input = value(of: x)
    let scale = exp(value(of: logScale)[0, 0])
    var scaled = input
    scaled.scale(by: scale)
    return record(scaled, inputs: x, logScale) { gradient, gradients in
      let slope = Float(gradient.dot(input)) * scale
      gradients.add(Matrix(rows: 1, columns: 1, values: [slope]), to: logScale)
      var result = gradient
      result.scale(by: scale)
      gradients.add(result, to: x)
    }
  }
}
