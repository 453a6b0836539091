/// A line `SMILES<space or tab>name`, taken apart.
public struct SMILESLine: Sendable, Equatable {
  /// Everything before the first space or tab.
  public let smiles: Substring
  /// Everything after that separator run, or nil when there is nothing.
  public let name: Substring?

  /// Splits at the first run of spaces and tabs; a trailing line break is not part of the name.
  public init(_ line: some StringProtocol) {
    var text = Substring(line)
    while let last = text.last, last.isNewline { text.removeLast() }
    let smiles = text.prefix { $0 != " " && $0 != "\t" }
    let name = text[smiles.endIndex...].drop { $0 == " " || $0 == "\t" }
    self.smiles = smiles
    self.name = name.isEmpty ? nil : name
  }
}
