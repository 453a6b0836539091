/// One thing that a knowledge graph knows.
package struct KnowledgeTerm: Sendable, Hashable {
  /// A unique name such as `CHEBI:15377`; never empty.
  package let id: String
  /// What people call it; never empty.
  package let name: String
  /// What it is, in a sentence or two; empty when not known.
  package let definition: String
  /// Other names, in the order of the source.
  package let synonyms: [String]
  /// A SMILES as the source spells it, which nobody here reads; nil without a structure.
  package let structure: String?

  /// Collects what is known.
  package init(
    id: String, name: String, definition: String = "", synonyms: [String] = [],
    structure: String? = nil
  ) {
    precondition(!id.isEmpty && !name.isEmpty, "a term needs an id and a name")
    self.id = id
    self.name = name
    self.definition = definition
    self.synonyms = synonyms
    self.structure = structure
  }

  /// The name, then the definition: the text that a term's first embedding is made of.
  package var text: String { definition.isEmpty ? name : "\(name). \(definition)" }
}
