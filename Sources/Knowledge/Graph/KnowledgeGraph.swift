package import Digest

/// Terms and the relations between them; immutable.
///
/// Terms, relations and edges have numbers that count from 0 in the order of their arrays.
package struct KnowledgeGraph: Sendable {
  /// A statement: subject, relation, object.
  package struct Edge: Sendable, Hashable, Comparable {
    /// The number of the term that the statement is about.
    package let subject: Int32
    /// The number of the relation.
    package let relation: Int32
    /// The number of the term that the subject is related to.
    package let object: Int32

    /// Numbers of a subject, a relation and an object.
    package init(subject: Int, relation: Int, object: Int) {
      self.subject = Int32(subject)
      self.relation = Int32(relation)
      self.object = Int32(object)
    }

    /// By subject, then relation, then object.
    package static func < (a: Edge, b: Edge) -> Bool {
      (a.subject, a.relation, a.object) < (b.subject, b.relation, b.object)
    }
  }

  /// A file that the graph was read from.
  package struct Source: Sendable, Hashable {
    /// The file's name without its folder.
    package let name: String
    /// The SHA-256 of the file as stored.
    package let digest: SHA256Digest

    /// Pairs a name with a digest.
    package init(name: String, digest: SHA256Digest) {
      self.name = name
      self.digest = digest
    }
  }

  /// The terms.
  package let terms: [KnowledgeTerm]
  /// The names of the relations, as ``RelationName`` spells them.
  package let relations: [String]
  /// The edges by subject, relation and object, each once.
  package let edges: [Edge]
  /// The files it was read from.
  package let sources: [Source]

  private let numbers: [String: Int32]
  /// Where the edges of each subject start.
  private let starts: [Int32]
  /// Edges by object; where those of each object start.
  private let edgesByObject: [Edge]
  private let startsByObject: [Int32]

  /// A graph of terms with unique ids; edges name terms and relations that exist.
  package init(
    terms: [KnowledgeTerm], relations: [String], edges: [Edge], sources: [Source] = []
  ) {
    self.terms = terms
    self.relations = relations
    self.sources = sources
    self.edges = Array(Set(edges)).sorted()
    var numbers: [String: Int32] = [:]
    numbers.reserveCapacity(terms.count)
    for (number, term) in terms.enumerated() {
      precondition(numbers.updateValue(Int32(number), forKey: term.id) == nil, "\(term.id) twice")
    }
    self.numbers = numbers
    for edge in self.edges {
      precondition(
        terms.indices.contains(Int(edge.subject)) && terms.indices.contains(Int(edge.object))
          && relations.indices.contains(Int(edge.relation)), "edge \(edge) leads nowhere")
    }
    starts = Self.starts(self.edges.map(\.subject), terms: terms.count)
    edgesByObject = self.edges.sorted {
      ($0.object, $0.relation, $0.subject) < ($1.object, $1.relation, $1.subject)
    }
    startsByObject = Self.starts(edgesByObject.map(\.object), terms: terms.count)
  }

  /// The number of the term with an id, nil if there is none; O(1).
  package func number(ofID id: String) -> Int? { numbers[id].map(Int.init) }

  /// The statements about a term, by relation and object; O(1).
  package func edges(from term: Int) -> ArraySlice<Edge> {
    edges[Int(starts[term])..<Int(starts[term + 1])]
  }

  /// The statements whose object is a term, by relation and subject; O(1).
  package func edges(to term: Int) -> ArraySlice<Edge> {
    edgesByObject[Int(startsByObject[term])..<Int(startsByObject[term + 1])]
  }

  private static func starts(_ sorted: [Int32], terms: Int) -> [Int32] {
    var starts = [Int32](repeating: 0, count: terms + 1)
    for term in sorted { starts[Int(term) + 1] += 1 }
    for term in 0..<terms { starts[term + 1] += starts[term] }
    return starts
  }
}
