import Digest

extension KnowledgeGraph {
  /// The content of a graph file.
  func encoded() -> [UInt8] {
    var writer = GraphBytesWriter()
    writer.append(sources.count)
    for source in sources {
      writer.append(source.name)
      writer.append(source.digest.hexadecimal)
    }
    writer.append(relations.count)
    for relation in relations { writer.append(relation) }
    writer.append(terms.count)
    for term in terms {
      writer.append(term.id)
      writer.append(term.name)
      writer.append(term.definition)
      writer.append(term.structure ?? "")
      writer.append(term.synonyms.count)
      for synonym in term.synonyms { writer.append(synonym) }
    }
    for term in terms.indices {
      let own = edges(from: term)
      writer.append(own.count)
      for edge in own {
        writer.append(Int(edge.relation))
        writer.append(Int(edge.object))
      }
    }
    return writer.bytes
  }

  /// Reads the content of a graph file to its last byte.
  init(from reader: inout GraphBytesReader) throws(GraphBytesReader.Malformed) {
    var sources: [Source] = []
    for _ in 0..<(try reader.count()) {
      let name = try reader.string()
      let hexadecimal = try reader.string()
      do throws(DigestError) {
        sources.append(Source(name: name, digest: try SHA256Digest(hexadecimal: hexadecimal)))
      } catch {
        throw GraphBytesReader.Malformed(words: "\(error)")
      }
    }
    var relations: [String] = []
    for _ in 0..<(try reader.count()) { relations.append(try reader.string()) }
    var terms: [KnowledgeTerm] = []
    var ids: Set<String> = []
    for _ in 0..<(try reader.count()) {
      let term = try Self.term(from: &reader)
      guard ids.insert(term.id).inserted else {
        throw GraphBytesReader.Malformed(words: "the id '\(term.id)' twice")
      }
      terms.append(term)
    }
    var edges: [Edge] = []
    for subject in terms.indices {
      for _ in 0..<(try reader.count()) {
        let relation = try reader.number(below: relations.count, "relation")
        let object = try reader.number(below: terms.count, "term")
        edges.append(Edge(subject: subject, relation: relation, object: object))
      }
    }
    try reader.finish()
    self.init(terms: terms, relations: relations, edges: edges, sources: sources)
  }

  private static func term(
    from reader: inout GraphBytesReader
  ) throws(GraphBytesReader.Malformed) -> KnowledgeTerm {
    let id = try reader.string()
    let name = try reader.string()
    let definition = try reader.string()
    let structure = try reader.string()
    var synonyms: [String] = []
    for _ in 0..<(try reader.count()) { synonyms.append(try reader.string()) }
    guard !id.isEmpty, !name.isEmpty else {
      throw GraphBytesReader.Malformed(words: "a term without id or name")
    }
    return KnowledgeTerm(
      id: id, name: name, definition: definition, synonyms: synonyms,
      structure: structure.isEmpty ? nil : structure)
  }
}
