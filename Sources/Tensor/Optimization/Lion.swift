/// Lion: the sign of an interpolated moment (Chen and others 2023, algorithm 2).
///
/// One moment instead of AdamW's two. The paper advises a rate 3–10 times smaller than AdamW's
/// and a decay as many times larger.
public struct Lion: Sendable, Equatable {
  /// The constants of the method.
  public struct Configuration: Sendable, Equatable, Codable {
    /// Share of the moment in the step's direction, 0..<1.
    public var beta1: Float = 0.9
    /// Decay of the moment, 0..<1.
    public var beta2: Float = 0.99
    /// Decoupled weight decay, at least 0.
    public var weightDecay: Float = 0.1

    /// The paper's defaults, with a decay in proportion to AdamW's here.
    public init() {}
  }

  /// The constants of the method.
  public let configuration: Configuration
  /// The moments, in the order of the parameters.
  public private(set) var moments: [Matrix]

  /// Moments at zero.
  public init(configuration: Configuration, parameters: ParameterSet) {
    self.init(
      configuration: configuration,
      moments: parameters.parameters.map {
        Matrix(rows: $0.value.rows, columns: $0.value.columns)
      })
  }

  /// Continues from saved moments, whose shapes must be the parameters'.
  public init(configuration: Configuration, moments: [Matrix]) {
    self.configuration = configuration
    self.moments = moments
  }

  /// Takes one step along `gradients`, each multiplied by `gradientScale` (for clipping).
  ///
  /// Of a gradient in groups only the groups it names move, as in ``AdamW``.
  public mutating func update(
    _ parameters: inout ParameterSet, gradients: [ParameterGradient], gradientScale: Float,
    learningRate: Float
  ) {
    let count = parameters.parameters.count
    precondition(gradients.count == count, "\(gradients.count) gradients for \(count) parameters")
    precondition(moments.count == count, "\(moments.count) moments for \(count) parameters")
    for index in gradients.indices {
      let decay = parameters.parameters[index].decays ? configuration.weightDecay : 0
      let (groups, groupCount) =
        switch gradients[index] {
        case .dense: ([0], 1)
        case .groups(let groups): (groups.groups, groups.groupCount)
        }
      Kernels.lion(
        groups: groups, of: groupCount, weights: &parameters.parameters[index].value,
        moment: &moments[index], gradient: gradients[index].stored,
        gradientScale: gradientScale, rate: learningRate, configuration: configuration,
        weightDecay: decay)
    }
  }
}
