/// How a molecule is drawn.
public struct DepictionStyle: Sendable {
  /// The colours.
  public var theme = DepictionTheme.light
  /// Width and height in pixels; nil makes the picture as large as the molecule.
  public var size: (width: Int, height: Int)?
  /// The most pixels of a side where ``size`` is not given.
  public var largestSide = Self.sizes.upperBound
  /// Length of a bond in pixels, the most where ``size`` is given.
  public var bondLength = 36.0

  /// Smallest and largest width or height in pixels.
  public static let sizes = 16...8192

  /// Light colours and a picture as large as the molecule needs.
  public init() {}
}
