package import Alignment
import Digest
package import Molecule

/// What a search starts from, checked.
package enum SearchQuery: Sendable {
  /// A text of at least one word.
  case text(String)
  /// A molecule.
  case molecule(MolecularGraph)
  /// A unit vector of the model's dimension.
  case vector([Float])

  /// Longest text, in bytes.
  package static let longestText = InputLimits.query.textBytes
  /// Longest SMILES, in bytes.
  package static let longestSMILES = InputLimits.query.smilesBytes

  /// A query from a text; throws ``SearchError`` for an empty or overlong one.
  package init(text: String) throws(SearchError) {
    let bytes = text.utf8.count
    guard bytes <= Self.longestText else {
      throw .textTooLong(bytes: bytes, limit: Self.longestText)
    }
    guard text.contains(where: { !$0.isWhitespace }) else { throw .emptyText }
    self = .text(text)
  }

  /// A query from a molecule; throws ``SearchError`` with the place of the mistake.
  package init(smiles: String) throws(SearchError) {
    let bytes = smiles.utf8.count
    guard bytes <= Self.longestSMILES else {
      throw .smilesTooLong(bytes: bytes, limit: Self.longestSMILES)
    }
    do throws(SMILESError) {
      self = .molecule(try SMILESReader.read(smiles))
    } catch {
      throw .badSMILES(error)
    }
  }

  /// A query from a vector, which is brought to unit length; throws ``SearchError``.
  package init(vector: [Float], dimension: Int) throws(SearchError) {
    guard vector.count == dimension else {
      throw .vectorLength(found: vector.count, expected: dimension)
    }
    if let index = vector.firstIndex(where: { !$0.isFinite }) {
      throw .vectorNotFinite(index: index)
    }
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0 else { throw .vectorIsZero }
    self = .vector(vector.map { Float(Double($0) / length) })
  }

  /// What the query is; nil for a vector, which may be of either.
  package var modality: Modality? {
    switch self {
    case .text: .text
    case .molecule: .molecule
    case .vector: nil
    }
  }

  /// Whether the query looks for the other side; a vector counts as one that does.
  func looksAcross(_ target: SearchTarget) -> Bool { modality != target.modality }

  /// What is looked for when the request does not say.
  package var defaultTarget: SearchTarget {
    if case .molecule = self { .texts } else { .molecules }
  }
}

/// What a search looks for.
package enum SearchTarget: String, Sendable, CaseIterable {
  case molecules
  case texts

  /// The modality of what is looked for.
  var modality: Modality { self == .molecules ? .molecule : .text }
}

/// One bounded search.
package struct SearchRequest: Sendable {
  package let query: SearchQuery
  package let target: SearchTarget
  /// How many results at most.
  package let count: Int
  /// The only corpus to look in; nil for all.
  package let corpus: String?
  /// What else an item must meet.
  package let filter: SearchFilter?
  package let ranking: SearchRanking
  /// How much being unlike the results before counts against the score, 0...1.
  package let diversity: Float
  /// Whether only the best molecule of each Murcko scaffold is shown.
  package let groupsByScaffold: Bool
  /// Where the page begins; nil for the first.
  package let cursor: SearchCursor?

  /// How many results may be asked for.
  package static let counts = 1...1000
  /// How many results there are when the request does not say.
  package static let defaultCount = 10
  /// How far down a ranking pages, groups and diversity look.
  package static let depthLimit = 10_000

  /// Checks what can be wrong; throws ``SearchError``.
  package init(
    _ query: SearchQuery, target: SearchTarget? = nil, count: Int = Self.defaultCount,
    corpus: String? = nil, filter: SearchFilter? = nil, ranking: SearchRanking = .embedding,
    diversity: Float = 0, groupsByScaffold: Bool = false, cursor: SearchCursor? = nil
  ) throws(SearchError) {
    guard Self.counts.contains(count) else {
      throw .countOutOfRange(found: count, expected: Self.counts)
    }
    self.query = query
    self.target = target ?? query.defaultTarget
    self.count = count
    self.corpus = corpus
    self.filter = filter
    self.ranking = ranking
    self.diversity = diversity
    self.groupsByScaffold = groupsByScaffold
    self.cursor = cursor
    guard (0...1).contains(diversity) else { throw .diversityOutOfRange(diversity) }
    if let problem = Self.problem(of: ranking, for: query, self.target) {
      throw .rankingNotPossible(ranking, problem)
    }
    if groupsByScaffold && self.target != .molecules { throw .groupsWithoutMolecules }
    if cursor != nil && !isPaged { throw .cursorNotPossible }
    if let cursor, cursor.request != signature { throw .foreignCursor }
  }

  /// Whether results come in pages: the order is then one of scores alone.
  var isPaged: Bool { diversity == 0 && !groupsByScaffold }

  /// A number that two searches share when they are the same but for count and cursor.
  var signature: UInt64 {
    SHA256Digest.of(utf8: fullSignature).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A text that two searches share when they are the same but for count, cursor, diversity and
  /// groups.
  var fullSignature: String {
    let what =
      switch query {
      case .text(let text): "text \(text)"
      case .molecule(let graph): "molecule \(graph.canonicalSMILES())"
      case .vector(let vector): "vector \(vector.map(\.bitPattern))"
      }
    let parts = [
      what, target.rawValue, ranking.rawValue, corpus ?? "", corpus == nil ? "all" : "one",
      filter?.signature ?? "",
    ]
    return parts.joined(separator: "\u{0}")
  }

  private static func problem(
    of ranking: SearchRanking, for query: SearchQuery, _ target: SearchTarget
  ) -> String? {
    switch (ranking, query) {
    case (.embedding, _): nil
    case (.fingerprint, .molecule):
      target == .molecules ? nil : "fingerprints find molecules, and texts are looked for"
    case (.fingerprint, _): "fingerprints compare molecules, and the query is none"
    case (.words, .text): nil
    case (.words, _): "words are looked for by a text, and the query is none"
    case (.fused, .vector): "a vector has neither words nor a fingerprint"
    case (.fused, _): nil
    }
  }
}
