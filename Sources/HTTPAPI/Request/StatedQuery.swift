import AlignAPI
import HTTPDaemon
import Molecule

/// What a search, a score or a ranking starts from, as a request states it: by `text`, `smiles`,
/// `molfile` or `vector`.
struct StatedQuery: Sendable {
  let query: SearchQuery
  private let source: Source

  /// What the answer repeats of it.
  private enum Source {
    case text(String)
    case smiles(String)
    case vector(length: Int)
  }

  private static let fields = ["text", "smiles", "molfile", "vector"]

  /// Takes the fields; nil when there is a mistake, which the fields then have.
  init?(_ fields: inout RequestFields, dimension: Int) {
    let stated = Self.fields.filter { fields.has($0) }
    var found: (SearchQuery, Source)?
    do throws(SearchError) {
      if let text = fields.string("text") { found = (try SearchQuery(text: text), .text(text)) }
    } catch { fields.refuse(error) }
    do throws(SearchError) {
      if let smiles = fields.string("smiles") {
        found = (try SearchQuery(smiles: smiles), .smiles(smiles))
      }
    } catch { fields.refuse(error) }
    do throws(StatedMolecule.Problem) {
      if let text = fields.string("molfile") {
        let graph = try StatedMolecule(molfile: text).graph
        found = (.molecule(graph), .smiles(graph.canonicalSMILES()))
      }
    } catch { fields.refuse("molfile", offset: error.offset, error.detail) }
    do throws(SearchError) {
      if let vector = fields.numbers("vector") {
        found = (
          try SearchQuery(vector: vector, dimension: dimension), .vector(length: vector.count)
        )
      }
    } catch { fields.refuse(error) }
    if stated.count != 1 {
      fields.refuse(
        stated.first ?? "text",
        "found \(stated.isEmpty ? "none" : stated.joined(separator: " and ")), "
          + "expected exactly one of text, smiles, molfile and vector")
    }
    guard stated.count == 1, let found else { return nil }
    (query, source) = found
  }

  /// Writes it as members: `text`, `smiles` or `vector_length`.
  func writeMembers(to json: inout JSONWriter) {
    switch source {
    case .text(let text):
      json.name("text")
      json.string(text)
    case .smiles(let smiles):
      json.name("smiles")
      json.string(smiles)
    case .vector(let length):
      json.name("vector_length")
      json.integer(length)
    }
  }
}

extension RequestFields {
  /// The query that a required object states; nil when there is a mistake.
  mutating func query(_ name: String, dimension: Int) -> SearchQuery? {
    var found: SearchQuery?
    if let document = required(name) {
      read(document, at: name) { found = StatedQuery(&$0, dimension: dimension)?.query }
    }
    return found
  }
}

extension JSONSchema {
  /// The members by which a query is stated; exactly one of them is given.
  static let queryMembers: [Member] =
    [.optional("text", .string(1...SearchQuery.longestText).nullable)] + moleculeMembers + [
      .optional(
        "vector",
        .array(of: .number).nullable.described("As many numbers as the model has dimensions."))
    ]
}
