import Molecule
package import Postgres

/// The molecule and the text of an item, of which at least one is there.
package struct StoredSides: Sendable {
  private let smiles: String?
  private let text: String?

  /// Reads an item; nil where there is no such item.
  package static func read(_ id: Int64, from settings: ConnectionSettings) throws -> Self? {
    try Connection(settings).query("select smiles, text from items where id = \(id)").first
      .map { StoredSides(smiles: try $0.value(at: 0), text: try $0.value(at: 1)) }
  }

  init(smiles: String?, text: String?) {
    self.smiles = smiles
    self.text = text
  }

  /// What a query is scored with: what it would look for, or else what there is.
  ///
  /// Throws ``SMILESError`` for a row that is damaged.
  package func side(for query: SearchQuery) throws -> SearchQuery {
    // Items have been checked by wider limits than queries.
    if let smiles, query.defaultTarget == .molecules || text == nil {
      return .molecule(try SMILESReader.read(smiles))
    }
    guard let text else { preconditionFailure("an item has neither molecule nor text") }
    return .text(text)
  }
}

extension SearchEngine {
  /// What an item has; nil where there is no such item.
  ///
  /// Throws `PoolError` and ``PostgresError``.
  package func sides(of id: Int64) async throws -> StoredSides? {
    try await rows(of: [id])[id].map { StoredSides(smiles: $0.smiles, text: $0.text) }
  }
}
