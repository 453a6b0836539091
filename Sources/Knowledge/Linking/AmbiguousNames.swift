/// One-word names that say too little or too many things to be linked.
///
/// Chosen by how often they stand in chemical prose as plain words: each names a class so wide that
/// nearly every text has it, or is a common English word as well.
enum AmbiguousNames {
  static let words: Set<String> = [
    "acid", "agent", "aid", "application", "atom", "base", "compound", "drug", "element", "entity",
    "extract", "food", "group", "groups", "ion", "label", "lead", "mineral", "mixture", "molecule",
    "particle", "probe", "product", "radical", "reagent", "residue", "role", "salt", "substance",
    "tracer", "unit",
  ]

  /// Words that may stand behind a hyphen after a name: "penicillin-resistant" speaks of penicillin.
  static let suffixes: Set<String> = [
    "activated", "associated", "based", "bearing", "bound", "catalysed", "catalyzed", "conjugated",
    "containing", "dependent", "derived", "free", "induced", "inducible", "labelled", "labeled",
    "like", "linked", "mediated", "modified", "producing", "related", "releasing", "resistant",
    "rich", "sensitive", "soluble", "specific", "substituted", "treated", "type",
  ]

  /// What may stand before an opening quote.
  static let openings: Set<String> = ["(", "[", "{"]

  /// What may stand behind a closing quote.
  static let closings: Set<String> = [")", "]", "}", ".", ",", ";", ":", "?", "!"]

  /// Words that may stand before a hyphen in front of a name.
  static let prefixes: Set<String> = ["non", "anti", "and", "or", "post", "pre"]
}
