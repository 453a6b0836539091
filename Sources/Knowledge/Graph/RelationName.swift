/// Spells relations in one way.
///
/// ChEBI's own releases say `has_part`, others give the same relation by its number in the Relation
/// Ontology or the Basic Formal Ontology, as `RO:0018033` or `RO_0018033`.
package enum RelationName {
  /// The subject is a kind of the object.
  package static let isA = "is_a"
  /// The subject has the object as a role.
  package static let hasRole = "has_role"

  private static let byNumber: [String: String] = [
    "BFO:0000050": "part_of",
    "BFO:0000051": "has_part",
    "RO:0000087": hasRole,
    "RO:0018033": "is_conjugate_base_of",
    "RO:0018034": "is_conjugate_acid_of",
    "RO:0018036": "is_tautomer_of",
    "RO:0018037": "is_substituent_group_from",
    "RO:0018038": "has_functional_parent",
    "RO:0018039": "is_enantiomer_of",
    "RO:0018040": "has_parent_hydride",
    "rdfs:subClassOf": isA,
  ]

  /// The one spelling of a relation; a relation that is not known keeps its own.
  ///
  /// An address such as `http://purl.obolibrary.org/obo/RO_0018033` stands for its last part.
  package static func canonical(_ name: String) -> String {
    var short = name
    if name.hasPrefix("http"), let slash = name.lastIndex(of: "/") {
      short = String(name[name.index(after: slash)...])
    }
    if let known = byNumber[short] { return known }
    guard let bar = short.firstIndex(of: "_") else { return short }
    let numbered = short.replacingCharacters(in: bar...bar, with: ":")
    return byNumber[numbered] ?? short
  }
}

extension String {
  fileprivate func replacingCharacters(in range: ClosedRange<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[index(after: range.upperBound)...]
  }
}
