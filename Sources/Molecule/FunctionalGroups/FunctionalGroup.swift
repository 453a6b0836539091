/// A named substructure of the catalogue.
public struct FunctionalGroup: Sendable {
  /// What kind of structure it is.
  public enum Category: String, Sendable {
    /// A functional group.
    case functionalGroup = "functional group"
    /// A ring or a system of rings.
    case ringSystem = "ring system"
    /// Chains, residues and other structures.
    case other
  }

  /// A short name that stays the same between versions, such as `carboxylic-acid`.
  public let id: String
  /// The name in a sentence.
  public let name: String
  /// Words that a text uses for it, the most common first.
  public let words: [String]
  /// What kind of structure it is.
  public let category: Category
  /// Ids of the groups that this one is a special case of.
  public let parents: [String]
  /// What it looks like.
  public let pattern: SMARTSPattern
  /// Molecules that have it, as SMILES.
  public let examples: [String]
  /// Molecules that do not, as SMILES.
  public let counterexamples: [String]
}

/// Why a table is no catalogue, and where.
public struct FunctionalGroupError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Line of the table, from 1.
  public let line: Int
  /// Name of the column, or nil for the whole line.
  public let field: String?
  /// What was found.
  public let found: String
  /// What was expected.
  public let expected: String

  /// One sentence.
  public var description: String {
    "line \(line)\(field.map { ", \($0)" } ?? ""): found \(found), expected \(expected)"
  }
}
