public import Tensor

/// The optimiser of a run and the constants of both kinds.
public struct OptimizerConfiguration: Sendable, Equatable, Codable {
  /// Which one is used.
  public enum Kind: String, Sendable, Codable {
    /// AdamW.
    case adamW
    /// Lion.
    case lion
  }

  /// Which one is used.
  public var kind = Kind.adamW
  /// AdamW's constants.
  public var adamW = AdamW.Configuration()
  /// Lion's constants.
  public var lion = Lion.Configuration()

  /// AdamW.
  public init() {}

  /// The optimiser before the first step.
  func initial(for parameters: ParameterSet) -> Optimizer {
    switch kind {
    case .adamW: .adamW(AdamW(configuration: adamW, parameters: parameters))
    case .lion: .lion(Lion(configuration: lion, parameters: parameters))
    }
  }
}
