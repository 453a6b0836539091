import Records

/// Reads the terms of an OBO file, one stanza after another in bounded memory.
///
/// "OBO Flat File Format 1.4 Syntax and Semantics". Of a `[Term]` stanza it reads id, name, def,
/// synonym, is_a, relationship, is_obsolete, and a SMILES among the property values; other tags
/// and stanzas are passed over. A bad clause is refused alone, a term without id or name as a whole.
struct OBOReader {
  fileprivate struct Stanza {
    let place: KnowledgeDraft.Place
    var id = ""
    var name = ""
    var definition = ""
    var synonyms: [String] = []
    var statements: [(relation: String, object: String, place: KnowledgeDraft.Place)] = []
    var structure: String?
    var isObsolete = false
  }

  private let path: String
  private let reader: LineReader
  private var stanza: Stanza?
  private var isTerm = false
  private var hasStarted = false

  init(path: String) throws(KnowledgeError) {
    self.path = path
    do throws(RecordsError) {
      reader = try LineReader(path: path)
    } catch {
      throw KnowledgeError(path: path, reason: .unreadable("\(error)"))
    }
  }

  mutating func read(
    into draft: inout KnowledgeDraft, progress: (Double?, KnowledgeDraft) -> Void
  ) throws {
    var lines = 0
    while let line = try nextLine() {
      lines += 1
      if lines % (8 * KnowledgeImport.reportInterval) == 0 { progress(share, draft) }
      if let problem = line.problem {
        try draft.refuse(
          place(of: line), field: nil, expected: problem.expected, found: problem.found,
          raw: String(decoding: line.bytes, as: UTF8.self))
      } else {
        try take(line, into: &draft)
      }
    }
    guard hasStarted else { throw KnowledgeError(path: path, reason: .emptyFile) }
    try finishStanza(into: &draft)
  }

  private var share: Double? {
    reader.totalBytes.map { $0 == 0 ? 1 : min(1, Double(reader.bytesRead) / Double($0)) }
  }

  private func nextLine() throws(KnowledgeError) -> LineReader.Line? {
    do throws(RecordsError) {
      return try reader.next()
    } catch {
      throw KnowledgeError(path: path, reason: .unreadable("\(error)"))
    }
  }

  private func place(of line: LineReader.Line) -> KnowledgeDraft.Place {
    KnowledgeDraft.Place(file: path, line: line.number, byteOffset: line.byteOffset)
  }

  private mutating func take(
    _ line: LineReader.Line, into draft: inout KnowledgeDraft
  ) throws {
    guard let first = line.bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    if first == UInt8(ascii: "!") { return }
    if first == UInt8(ascii: "[") {
      hasStarted = true
      try finishStanza(into: &draft)
      let title = String(decoding: line.bytes, as: UTF8.self)
      isTerm = title.hasPrefix("[Term]")
      stanza = isTerm ? Stanza(place: place(of: line)) : nil
      return
    }
    if !hasStarted { try checkHeader(line) }
    guard isTerm, Self.isWanted(line.bytes) else { return }
    guard let text = String(validating: line.bytes, as: UTF8.self) else {
      return try draft.refuse(
        place(of: line), field: nil, expected: "UTF-8", found: "other bytes",
        raw: String(decoding: line.bytes, as: UTF8.self))
    }
    guard let clause = OBOClause(text) else { return }
    let place = place(of: line)
    if let problem = stanza?.take(clause, at: place) {
      try draft.refuse(
        place, field: clause.tag, expected: problem.expected, found: problem.found,
        raw: text)
    }
  }

  /// The first line of a file must look like a clause.
  private mutating func checkHeader(_ line: LineReader.Line) throws(KnowledgeError) {
    guard let text = String(validating: line.bytes, as: UTF8.self), OBOClause(text) != nil else {
      let found = String(decoding: line.bytes.prefix(40), as: UTF8.self)
      throw KnowledgeError(path: path, line: line.number, reason: .notOBO(found: "'\(found)'"))
    }
    hasStarted = true
  }

  private static let wanted = [
    "id:", "name:", "def:", "synonym:", "is_a:", "relationship:", "is_obsolete:",
    "property_value:",
  ].map { Array($0.utf8) }

  private static func isWanted(_ line: [UInt8]) -> Bool {
    wanted.contains { line.starts(with: $0) }
  }

  private mutating func finishStanza(into draft: inout KnowledgeDraft) throws {
    guard let finished = stanza else { return }
    stanza = nil
    if finished.isObsolete { return draft.countObsolete() }
    for (field, value) in [("id", finished.id), ("name", finished.name)] where value.isEmpty {
      return try draft.refuse(
        finished.place, field: field, expected: "a value", found: "none", raw: finished.id)
    }
    try draft.add(
      KnowledgeTerm(
        id: finished.id, name: finished.name, definition: finished.definition,
        synonyms: finished.synonyms, structure: finished.structure), at: finished.place)
    for (relation, object, place) in finished.statements {
      try draft.addStatement(finished.id, relation, object, at: place)
    }
  }
}

extension OBOReader.Stanza {
  /// Takes one clause; what is wrong with it, if anything.
  fileprivate mutating func take(
    _ clause: OBOClause, at place: KnowledgeDraft.Place
  ) -> RecordProblem? {
    switch clause.tag {
    case "id": return takeOnce(clause.text, into: \.id)
    case "name": return takeOnce(clause.text, into: \.name)
    case "def", "synonym":
      guard let quoted = clause.quoted else {
        return RecordProblem(expected: "a quoted string", found: "'\(clause.text.prefix(40))'")
      }
      if clause.tag == "def" { return takeOnce(quoted.text, into: \.definition) }
      // Older releases of ChEBI give notations as synonyms: "C6H6" RELATED FORMULA [].
      if let kind = quoted.after.dropFirst().first?.uppercased(), Self.notations.contains(kind) {
        if kind == "SMILES" { structure = structure ?? quoted.text }
        return nil
      }
      if !quoted.text.isEmpty, quoted.text != name, !synonyms.contains(quoted.text) {
        synonyms.append(quoted.text)
      }
    case "is_a", "relationship":
      let words = (clause.tag == "is_a" ? [RelationName.isA] : []) + clause.words
      guard words.count == 2 else {
        return RecordProblem(
          expected: clause.tag == "is_a" ? "one id" : "a relation and an id",
          found: "'\(clause.text.prefix(40))'")
      }
      statements.append((words[0], words[1], place))
    case "is_obsolete": isObsolete = clause.text == "true"
    default:
      if let quoted = clause.quoted, let property = quoted.before.last,
        ["smiles", "smiles_string"].contains(
          property.split(whereSeparator: { $0 == "/" || $0 == ":" || $0 == "#" }).last ?? "")
      {
        structure = structure ?? quoted.text
      }
    }
    return nil
  }

  private static let notations: Set<String> = [
    "CHARGE", "FORMULA", "INCHI", "INCHIKEY", "MASS", "MONOISOTOPIC_MASS", "SMILES",
  ]

  private mutating func takeOnce(
    _ value: String, into field: WritableKeyPath<Self, String>
  ) -> RecordProblem? {
    if !self[keyPath: field].isEmpty {
      return RecordProblem(expected: "one of this tag a term", found: "a second one")
    }
    self[keyPath: field] = value
    return nil
  }
}
