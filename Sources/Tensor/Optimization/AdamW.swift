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

  /// Moments at zero.
  public init(configuration: Configuration, parameters: ParameterSet) {
    self.configuration = configuration
    step = 0
    firstMoments = parameters.parameters.map {
      Matrix(rows: $0.value.rows, columns: $0.value.columns)
    }
    secondMoments = firstMoments
  }

  /// Continues from saved moments, whose shapes must be the parameters'.
  public init(
    configuration: Configuration, step: Int, firstMoments: [Matrix], secondMoments: [Matrix]
  ) {
    precondition(
      firstMoments.count == secondMoments.count,
      "\(firstMoments.count) first moments, \(secondMoments.count) second")
    self.configuration = configuration
    self.step = step
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
  }

  /// Takes one step along `gradients`, each multiplied by `gradientScale` (for clipping).
  public mutating func update(
    _ parameters: inout ParameterSet, gradients: [Matrix], gradientScale: Float,
    learningRate: Float
  ) {
    let count = parameters.parameters.count
    precondition(gradients.count == count, "\(gradients.count) gradients for \(count) parameters")
    precondition(
      firstMoments.count == count, "\(firstMoments.count) moments for \(count) parameters")
    step += 1
    let corrections = (
      Float(1 - Self.power(configuration.beta1, step)),
      Float(1 - Self.power(configuration.beta2, step))
    )
    for index in gradients.indices {
      let decay = parameters.parameters[index].decays ? configuration.weightDecay : 0
      Kernels.adamW(
        weights: &parameters.parameters[index].value, first: &firstMoments[index],
        second: &secondMoments[index], gradient: gradients[index],
        gradientScale: gradientScale, rate: learningRate, configuration: configuration,
        weightDecay: decay, corrections: corrections)
    }
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
