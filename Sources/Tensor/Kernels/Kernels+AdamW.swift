import CKernels

extension Kernels {
  static func adamW(
    weights: inout Matrix, first: inout Matrix, second: inout Matrix, gradient: Matrix,
    gradientScale: Float, rate: Float, configuration: AdamW.Configuration, weightDecay: Float,
    corrections: (Float, Float)
  ) {
    let count = weights.values.count
    for (name, other) in [
      ("first moment", first), ("second moment", second), ("gradient", gradient),
    ] {
      precondition(
        other.rows == weights.rows && other.columns == weights.columns,
        "\(name) [\(other.rows), \(other.columns)] for weights "
          + "[\(weights.rows), \(weights.columns)]")
    }
    unsafe weights.values.withUnsafeMutableBufferPointer { weights in
      unsafe first.values.withUnsafeMutableBufferPointer { first in
        unsafe second.values.withUnsafeMutableBufferPointer { second in
          unsafe gradient.values.withUnsafeBufferPointer { gradient in
            guard let weights = weights.baseAddress, let first = first.baseAddress,
              let second = second.baseAddress, let gradient = gradient.baseAddress
            else { return }
            forEachRange(count, by: elementTile) { start, end in
              unsafe lig_adamw(
                weights + start, first + start, second + start, gradient + start, end - start,
                gradientScale, rate, configuration.beta1, configuration.beta2,
                configuration.epsilon, weightDecay, corrections.0, corrections.1)
            }
          }
        }
      }
    }
  }
}
