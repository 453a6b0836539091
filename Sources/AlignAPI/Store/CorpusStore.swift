import Alignment
package import Postgres

/// A named collection of items.
package struct StoredCorpus: Sendable, Equatable {
  package let id: Int64
  package let name: String
}

/// How much a corpus holds.
package struct CorpusCounts: Sendable, Equatable {
  /// Items; one with both sides counts once.
  package var items: Int
  /// Items with a molecule.
  package var molecules: Int
  /// Items with a text.
  package var texts: Int

  package init(items: Int, molecules: Int, texts: Int) {
    self.items = items
    self.molecules = molecules
    self.texts = texts
  }
}

/// How many embeddings a model has, in one corpus or in all.
package struct EmbeddingCounts: Sendable, Equatable {
  package var molecules: Int
  package var texts: Int

  package init(molecules: Int, texts: Int) {
    self.molecules = molecules
    self.texts = texts
  }
}

/// The tables of corpora, items and embeddings, as far as they are counted and looked up.
package struct CorpusStore {
  let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// The corpus of that name.
  package func find(_ name: String) throws -> StoredCorpus? {
    try connection.query("select id, name from corpora where name = \(name)").first.map(Self.corpus)
  }

  /// The corpus of that name, made when there is none.
  package func findOrAdd(_ name: String) throws -> StoredCorpus {
    if let known = try find(name) { return known }
    try connection.execute(
      "insert into corpora (name) values (\(name)) on conflict do nothing")
    return try Self.corpus(
      connection.query("select id, name from corpora where name = \(name)").single())
  }

  /// Every corpus, by name.
  package func all() throws -> [StoredCorpus] {
    try connection.query("select id, name from corpora order by name").map(Self.corpus)
  }

  /// What a corpus holds; O(items).
  package func counts(_ corpus: StoredCorpus) throws -> CorpusCounts {
    let row = try connection.query(
      """
      select count(*), count(smiles), count(text) from items where corpus_id = \(corpus.id)
      """
    ).single()
    return CorpusCounts(
      items: try row.value(at: 0), molecules: try row.value(at: 1), texts: try row.value(at: 2))
  }

  /// How much of a corpus a model has embedded; O(embeddings of the model).
  package func embeddingCounts(
    _ corpus: StoredCorpus, model: StoredModel
  ) throws -> EmbeddingCounts {
    try Self.embeddings(
      connection.query(
        """
        select \(fragment: Self.sides)
        from embeddings join items on items.id = item_id
        where model_id = \(model.id) and corpus_id = \(corpus.id)
        """
      ).single())
  }

  /// How much a model has embedded in all corpora; O(embeddings of the model).
  package func embeddingCounts(model: StoredModel) throws -> EmbeddingCounts {
    try Self.embeddings(
      connection.query(
        """
        select \(fragment: Self.sides)
        from embeddings where model_id = \(model.id)
        """
      ).single())
  }

  private static var sides: SQLStatement {
    """
    count(*) filter (where modality = \(Modality.molecule.storedCode)),
    count(*) filter (where modality = \(Modality.text.storedCode))
    """
  }

  private static func corpus(_ row: Row) throws -> StoredCorpus {
    StoredCorpus(id: try row.value("id"), name: try row.value("name"))
  }

  private static func embeddings(_ row: Row) throws -> EmbeddingCounts {
    EmbeddingCounts(molecules: try row.value(at: 0), texts: try row.value(at: 1))
  }
}
