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

  /// The same for the rows of some groups; `gradient` holds theirs only, in order.
  static func adamW(
    groups: [Int], of groupCount: Int, weights: inout Matrix, first: inout Matrix,
    second: inout Matrix, gradient: Matrix, gradientScale: Float, rate: Float,
    configuration: AdamW.Configuration, weightDecay: Float, corrections: [(Float, Float)]
  ) {
    let size = checkGroups(
      groups, of: groupCount, weights: weights, moments: [first, second], gradient: gradient)
    unsafe weights.values.withUnsafeMutableBufferPointer { weights in
      unsafe first.values.withUnsafeMutableBufferPointer { first in
        unsafe second.values.withUnsafeMutableBufferPointer { second in
          unsafe gradient.values.withUnsafeBufferPointer { gradient in
            guard let weights = weights.baseAddress, let first = first.baseAddress,
              let second = second.baseAddress, let gradient = gradient.baseAddress
            else { return }
            forEachRange(groups.count, by: max(1, elementTile / max(1, size))) { start, end in
              for index in start..<end {
                let offset = groups[index] * size
                unsafe lig_adamw(
                  weights + offset, first + offset, second + offset, gradient + index * size,
                  size, gradientScale, rate, configuration.beta1, configuration.beta2,
                  configuration.epsilon, weightDecay, corrections[index].0, corrections[index].1)
              }
            }
          }
        }
      }
    }
  }

  /// Checks the shapes of an update by groups; returns the values of one group.
  static func checkGroups(
    _ groups: [Int], of groupCount: Int, weights: Matrix, moments: [Matrix], gradient: Matrix
  ) -> Int {
    let size = weights.values.count / max(1, groupCount)
    precondition(
      weights.values.count == groupCount * size && gradient.values.count == groups.count * size
        && gradient.columns == weights.columns,
      "gradient [\(gradient.rows), \(gradient.columns)] of \(groups.count) of \(groupCount) groups"
        + " for weights [\(weights.rows), \(weights.columns)]")
    precondition(
      groups.allSatisfy { $0 >= 0 && $0 < groupCount }, "a group outside 0..<\(groupCount)")
    for moment in moments {
      precondition(
        moment.rows == weights.rows && moment.columns == weights.columns,
        "moment [\(moment.rows), \(moment.columns)] for weights "
          + "[\(weights.rows), \(weights.columns)]")
    }
    return size
  }
}
