/// How much a vector that is near to everything is held back in rankings.
///
/// In spaces of many dimensions a few items are among the nearest of very many queries: hubs
/// (Radovanović, Nanopoulos, Ivanović: "Hubs in space", JMLR 2010).
public struct HubnessConfiguration: Sendable, Equatable, Codable {
  /// Training pairs kept as references, at most.
  public var references = 3000
  /// k: the nearest references that are averaged.
  public var neighbors = 10
  /// w: the share of that mean that is taken off every score; 0 switches it off.
  public var weight: Float = 0.5

  /// The default settings.
  public init() {}
}
