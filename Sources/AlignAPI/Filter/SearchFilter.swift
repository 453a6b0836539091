package import Molecule

/// What a search may answer with.
package indirect enum SearchFilter: Sendable {
  case all([SearchFilter])
  case any([SearchFilter])
  case not(SearchFilter)
  /// In the corpus of that name.
  case corpus(String)
  case kind(ItemKind)
  /// A molecule whose descriptor lies in the range.
  case descriptor(Descriptor, NumberRange)
  /// A numeric property of that name lies in the range.
  case number(name: String, NumberRange)
  /// A property of that name has exactly that value.
  case property(name: String, value: String)
  /// A molecule in which the pattern occurs.
  case substructure(SubstructureQuery)
  /// A molecule whose fingerprint (Morgan, radius 2, 2,048 bits) has at least that Tanimoto
  /// similarity to the query's, 0...1.
  case similarity(to: BitFingerprint, atLeast: Double)
  /// The text has this piece, whatever the case of its letters.
  case textContains(String)

  /// Filters one search may have in all.
  package static let leafLimit = 64
  /// How deep they may be nested.
  package static let depthLimit = 16
  /// Longest piece of ``textContains(_:)`` and longest name or value, in bytes.
  package static let textLimit = 1024
}

/// Which sides an item has.
package enum ItemKind: String, CaseIterable, Sendable {
  /// It has a molecule, with or without a text.
  case molecule
  /// It has a text, with or without a molecule.
  case text
  /// It has both.
  case pair
}

/// An interval of numbers, bounds included; an open end is infinite.
package struct NumberRange: Sendable, Equatable {
  package let lower: Double
  package let upper: Double

  /// Nil when no number lies in it.
  package init?(_ lower: Double?, _ upper: Double?) {
    let (lower, upper) = (lower ?? -.infinity, upper ?? .infinity)
    guard lower <= upper else { return nil }
    self.lower = lower
    self.upper = upper
  }

  func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
}

/// A pattern with the bits that a molecule must have for it to occur.
package struct SubstructureQuery: Sendable {
  package let pattern: SMARTSPattern
  let screen: BitFingerprint

  package init(_ pattern: SMARTSPattern) {
    self.pattern = pattern
    screen = SubstructureScreen.bits(of: pattern)
  }
}
