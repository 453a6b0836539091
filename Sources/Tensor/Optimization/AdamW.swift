/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).
public struct AdamW: Sendable, Equatable {
  /// The constants of the method.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Decay of the first moment, 0..<1.
    public var beta1: Float = 0.9
    /// Decay of the second moment, 0..<1.
    public var beta2: Float = 0.999
    /// Added to the root of the second moment.
    public var epsilon: Float = 1e-8
    /// Decoupled weight decay, at least 0.
    public var weightDecay: Float = 0.01

    /// The paper's defaults.
    public init() {}
  }

  /// The constants of the method.
  public let configuration: Configuration
  /// Steps taken.
  public private(set) var step: Int
  /// The first moments, in the order of the parameters.
  public private(set) var firstMoments: [Matrix]
  /// The second moments, in the order of the parameters.
  public private(set) var secondMoments: [Matrix]
  /// For each parameter the steps that each group of its rows has taken; none for a parameter
  /// that has only had dense gradients, whose count is ``step``.
  public private(set) var groupSteps: [[Int]]

  /// Moments at zero.
  public init(configuration: Configuration, parameters: ParameterSet) {
    self.configuration = configuration
    step = 0
    firstMoments = parameters.parameters.map {
      Matrix(rows: $0.value.rows, columns: $0.value.columns)
    }
    secondMoments = firstMoments
    groupSteps = firstMoments.map { _ in [] }
  }

  /// Continues from saved moments, whose shapes must be the parameters'.
  public init(
    configuration: Configuration, step: Int, firstMoments: [Matrix], secondMoments: [Matrix],
    groupSteps: [[Int]]? = nil
  ) {
    precondition(
      firstMoments.count == secondMoments.count,
      "\(firstMoments.count) first moments, \(secondMoments.count) second")
    self.configuration = configuration
    self.step = step
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    self.groupSteps = groupSteps ?? firstMoments.map { _ in [] }
    precondition(
      self.groupSteps.count == firstMoments.count,
      "\(self.groupSteps.count) step counts, \(firstMoments.count) moments")
  }

  /// Takes one step along `gradients`, each multiplied by `gradientScale` (for clipping).
  public mutating func update(
    _ parameters: inout ParameterSet, gradients: [Matrix], gradientScale: Float,
    learningRate: Float
  ) {
    update(
      &parameters, gradients: gradients.map(ParameterGradient.dense),
      gradientScale: gradientScale, learningRate: learningRate)
  }

  /// Takes one step; of a gradient in groups, only the groups it names move.
  ///
  /// A group is as if it had an AdamW of its own, called only in the steps that touch it: in the
  /// others its weights, moments and step count stay, and no decay is made up for. Bias
  /// correction uses the group's own count. When every step touches every group, the bits are
  /// those of dense gradients.
  public mutating func update(
    _ parameters: inout ParameterSet, gradients: [ParameterGradient], gradientScale: Float,
    learningRate: Float
  ) {
    let count = parameters.parameters.count
    precondition(gradients.count == count, "\(gradients.count) gradients for \(count) parameters")
    precondition(
      firstMoments.count == count, "\(firstMoments.count) moments for \(count) parameters")
    step += 1
    let corrections = corrections(at: step)
    for index in gradients.indices {
      let decay = parameters.parameters[index].decays ? configuration.weightDecay : 0
      let stored = gradients[index].stored
      if case .groups(let groups) = gradients[index], groupSteps[index].isEmpty {
        groupSteps[index] = [Int](repeating: step - 1, count: groups.groupCount)
      }
      if groupSteps[index].isEmpty {
        Kernels.adamW(
          weights: &parameters.parameters[index].value, first: &firstMoments[index],
          second: &secondMoments[index], gradient: stored, gradientScale: gradientScale,
          rate: learningRate, configuration: configuration, weightDecay: decay,
          corrections: corrections)
        continue
      }
      let touched =
        if case .groups(let groups) = gradients[index] { groups.groups } else {
          Array(groupSteps[index].indices)
        }
      for group in touched { groupSteps[index][group] += 1 }
      let own = touched.map { self.corrections(at: groupSteps[index][$0]) }
      Kernels.adamW(
        groups: touched, of: groupSteps[index].count,
        weights: &parameters.parameters[index].value, first: &firstMoments[index],
        second: &secondMoments[index], gradient: stored, gradientScale: gradientScale,
        rate: learningRate, configuration: configuration, weightDecay: decay, corrections: own)
    }
  }

  /// 1 − β₁ᵗ and 1 − β₂ᵗ.
  private func corrections(at step: Int) -> (Float, Float) {
    (
      Float(1 - Self.power(configuration.beta1, step)),
      Float(1 - Self.power(configuration.beta2, step))
    )
  }

  private static func power(_ base: Float, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = Double(base)
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}
