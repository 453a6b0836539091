/// The optimiser of a run, with its state.
public enum Optimizer: Sendable, Equatable {
  /// AdamW.
  case adamW(AdamW)
  /// Lion.
  case lion(Lion)

  /// Takes one step along `gradients`, each multiplied by `gradientScale` (for clipping).
  public mutating func update(
    _ parameters: inout ParameterSet, gradients: [ParameterGradient], gradientScale: Float,
    learningRate: Float
  ) {
    // The state is taken out first, so that its moments have one owner and change in place.
    let vacant = Optimizer.lion(Lion(configuration: Lion.Configuration(), moments: []))
    switch self {
    case .adamW(var state):
      self = vacant
      state.update(
        &parameters, gradients: gradients, gradientScale: gradientScale,
        learningRate: learningRate)
      self = .adamW(state)
    case .lion(var state):
      self = vacant
      state.update(
        &parameters, gradients: gradients, gradientScale: gradientScale,
        learningRate: learningRate)
      self = .lion(state)
    }
  }
}
