import Records

/// A graph whose files are still being read.
struct KnowledgeDraft {
  /// Where something stands in its file.
  struct Place {
    let file: String
    let line: Int
    let byteOffset: Int
  }

  /// A statement whose terms may come later.
  private struct Statement {
    let subject: String
    let relation: Int
    let object: String
    let place: Place
  }

  let isStrict: Bool
  private let reject: (RejectedRecord) throws -> Void
  private(set) var report = KnowledgeImportReport()

  private var terms: [KnowledgeTerm] = []
  private var places: [String: (number: Int, place: Place)] = [:]
  private var relations: [String] = []
  private var relationNumbers: [String: Int] = [:]
  private var statements: [Statement] = []
  private var structures: [(id: String, smiles: String, place: Place)] = []

  init(isStrict: Bool, reject: @escaping (RejectedRecord) throws -> Void) {
    self.isStrict = isStrict
    self.reject = reject
  }

  var termCount: Int { terms.count }
  var statementCount: Int { statements.count }

  /// Lists a bad row, or throws it in strict reading.
  mutating func refuse(
    _ place: Place, field: String?, expected: String, found: String, raw: String
  ) throws {
    let record = RejectedRecord(
      file: place.file, line: place.line, byteOffset: place.byteOffset, field: field, found: found,
      expected: expected, raw: raw)
    if isStrict { throw KnowledgeError.refused(record) }
    try reject(record)
    report.rejected += 1
  }

  mutating func countObsolete() { report.obsolete += 1 }

  mutating func add(_ term: KnowledgeTerm, at place: Place) throws {
    if let first = places[term.id]?.place {
      let name =
        first.file == place.file ? "line \(first.line)" : "\(first.file):\(first.line)"
      return try refuse(
        place, field: "id", expected: "an id of its own", found: "the id of \(name)",
        raw: term.id)
    }
    places[term.id] = (terms.count, place)
    terms.append(term)
  }

  mutating func addStatement(
    _ subject: String, _ relation: String, _ object: String, at place: Place
  ) throws {
    if subject == object {
      return try refuse(
        place, field: "object", expected: "two terms", found: "one term related to itself",
        raw: "\(subject) \(relation) \(object)")
    }
    let name = RelationName.canonical(relation)
    let number = relationNumbers[name] ?? relations.count
    if number == relations.count {
      relations.append(name)
      relationNumbers[name] = number
    }
    statements.append(
      Statement(subject: subject, relation: number, object: object, place: place))
  }

  mutating func addStructure(_ smiles: String, of id: String, at place: Place) {
    structures.append((id, smiles, place))
  }

  /// Resolves names; a statement about a term that never came is refused.
  mutating func finish(
    sources: [KnowledgeGraph.Source], path: String
  ) throws -> (graph: KnowledgeGraph, report: KnowledgeImportReport) {
    guard !terms.isEmpty else { throw KnowledgeError(path: path, reason: .noTerms) }
    try attachStructures()
    var edges: [KnowledgeGraph.Edge] = []
    edges.reserveCapacity(statements.count)
    for statement in statements {
      guard let subject = places[statement.subject]?.number,
        let object = places[statement.object]?.number
      else {
        let isSubject = places[statement.subject] == nil
        try refuse(
          statement.place, field: isSubject ? "subject" : "object",
          expected: "a term that is known",
          found: "'\(isSubject ? statement.subject : statement.object)'",
          raw: "\(statement.subject)\t\(relations[statement.relation])\t\(statement.object)")
        continue
      }
      edges.append(
        KnowledgeGraph.Edge(subject: subject, relation: statement.relation, object: object))
    }
    let graph = KnowledgeGraph(
      terms: terms, relations: relations, edges: edges, sources: sources)
    report.repeatedEdges = edges.count - graph.edges.count
    return (graph, report)
  }

  private mutating func attachStructures() throws {
    for (id, smiles, place) in structures {
      guard let number = places[id]?.number else {
        try refuse(
          place, field: "id", expected: "a term that is known", found: "'\(id)'", raw: smiles)
        continue
      }
      let term = terms[number]
      guard term.structure == nil || term.structure == smiles else {
        try refuse(
          place, field: "smiles", expected: "one structure a term", found: "a second one",
          raw: "\(id) \(smiles)")
        continue
      }
      terms[number] = KnowledgeTerm(
        id: term.id, name: term.name, definition: term.definition, synonyms: term.synonyms,
        structure: smiles)
    }
  }
}
