package import Postgres

/// A corpus and what it holds.
package struct CorpusOverview: Sendable, Equatable {
  /// How much of it a model has embedded.
  package struct Share: Sendable, Equatable {
    package let model: StoredModel
    package let embeddings: EmbeddingCounts
  }

  package let corpus: StoredCorpus
  /// How often it was changed.
  package let version: Int64
  package let createdAt: Timestamp
  package let counts: CorpusCounts
  /// Ids of rows of files; at least one for each item.
  package let sources: Int
  /// Models that have embedded some of it, by name.
  package let shares: [Share]

  /// Which part of its molecules and texts a model has embedded, 0...1; 1 for an empty corpus.
  package func share(_ share: Share) -> Double {
    let sides = counts.molecules + counts.texts
    let embedded = share.embeddings.molecules + share.embeddings.texts
    return sides == 0 ? 1 : min(1, Double(embedded) / Double(sides))
  }
}

extension CorpusStore {
  /// Every corpus and what it holds, by name; O(items + embeddings).
  package func overview() throws -> [CorpusOverview] {
    let models = try ModelStore(connection).all()
    return try all().map { try overview($0, models: models) }
  }

  /// A corpus and what it holds; O(items + embeddings).
  package func overview(_ corpus: StoredCorpus) throws -> CorpusOverview {
    try overview(corpus, models: ModelStore(connection).all())
  }

  private func overview(_ corpus: StoredCorpus, models: [StoredModel]) throws -> CorpusOverview {
    let row = try connection.query(
      """
      select version, created_at,
        (select count(*) from item_sources where corpus_id = corpora.id)
      from corpora where id = \(corpus.id)
      """
    ).single()
    return CorpusOverview(
      corpus: corpus, version: try row.value(at: 0), createdAt: try row.value(at: 1),
      counts: try counts(corpus), sources: try row.value(at: 2),
      shares: try models.compactMap { model in
        let counts = try embeddingCounts(corpus, model: model)
        return counts.molecules + counts.texts > 0
          ? CorpusOverview.Share(model: model, embeddings: counts) : nil
      })
  }
}
