/// Batches made of groups of pairs that the current model finds alike.
public struct HardNegativesConfiguration: Sendable, Equatable, Codable {
  /// Share of the epochs before the first such batch, 0...1; with 1 there is none.
  public var startShare: Float = 1
  /// Pairs in a group: one and its nearest neighbours, at least 2.
  public var groupSize = 8

  /// No such batches.
  public init() {}
}
