/// What a written SMILES tells.
public struct SMILESOptions: OptionSet, Sendable {
  /// The options as bits.
  public let rawValue: UInt8

  /// Options from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Stereo marks: `@`, `/`, `\` and the classes of coordination centres.
  public static let stereo = SMILESOptions(rawValue: 1)
  /// Isotopes.
  public static let isotopes = SMILESOptions(rawValue: 2)
  /// Atom classes, `:n`.
  public static let atomClasses = SMILESOptions(rawValue: 4)
  /// Alternating bonds in place of lower-case aromatic atoms.
  public static let kekule = SMILESOptions(rawValue: 8)

  /// Everything that tells molecules apart, aromatic.
  public static let isomeric: SMILESOptions = [.stereo, .isotopes, .atomClasses]
}
