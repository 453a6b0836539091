import CKernels

extension Kernels {
  /// One step for the rows of some groups; `gradient` holds theirs only, in order.
  static func lion(
    groups: [Int], of groupCount: Int, weights: inout Matrix, moment: inout Matrix,
    gradient: Matrix, gradientScale: Float, rate: Float, configuration: Lion.Configuration,
    weightDecay: Float
  ) {
    let size = checkGroups(
      groups, of: groupCount, weights: weights, moments: [moment], gradient: gradient)
    let pieces = (size + elementTile - 1) / elementTile
    unsafe weights.values.withUnsafeMutableBufferPointer { weights in
      unsafe moment.values.withUnsafeMutableBufferPointer { moment in
        unsafe gradient.values.withUnsafeBufferPointer { gradient in
          guard let weights = weights.baseAddress, let moment = moment.baseAddress,
            let gradient = gradient.baseAddress
          else { return }
          // Whole groups share a tile when they are small; a large one has several.
          forEachRange(groups.count * pieces, by: max(1, elementTile / max(1, size))) {
            first, last in
            for item in first..<last {
              let start = item % pieces * elementTile
              let length = min(elementTile, size - start)
              let offset = groups[item / pieces] * size + start
              unsafe lig_lion(
                weights + offset, moment + offset, gradient + item / pieces * size + start,
                length, gradientScale, rate, configuration.beta1, configuration.beta2,
                weightDecay)
            }
          }
        }
      }
    }
  }
}
