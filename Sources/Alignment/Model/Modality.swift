/// The two kinds of things that share one space.
public enum Modality: String, Sendable, Codable, CaseIterable {
  /// A molecular graph, read from SMILES.
  case molecule
  /// A clinical or chemical text.
  case text
}
