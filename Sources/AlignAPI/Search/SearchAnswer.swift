package import Postgres
package import Retrieval

/// One found item with its row.
package struct SearchResult: Sendable, Equatable {
  /// From 1 on the first page, without gaps.
  package let rank: Int
  /// The row's id in `items`.
  package let id: Int64
  /// The item's first id in its files.
  package let sourceID: String
  /// All ids that the item has in its files, the first included.
  package let sourceIDs: [String]
  /// The name of the item's corpus.
  package let corpus: String
  /// What the ranking gave it.
  ///
  /// By embedding: the cosine of query and item, −1...1 up to rounding; across modalities less what
  /// holds hubs back (``AlignmentModel``'s `storedDimension`). By fingerprint: the Tanimoto
  /// similarity. By words: PostgreSQL's rank. Fused: the sum of reciprocal ranks. With a re-ranker,
  /// the best molecules for a text have its scores instead, which may lie below those of the
  /// molecules that follow.
  package let score: Float
  /// The rank, from 1, under each ranking that was fused; empty for others.
  package let ranks: [SearchRanking: Int]
  package let smiles: String?
  package let text: String?
  /// A JSON object: the file's other columns.
  package let properties: JSONText
  /// Canonical SMILES of the Murcko scaffold where results are grouped by it; empty without rings.
  package let scaffold: String?
  /// How many of the candidates that were looked at share the scaffold, this one included.
  package let groupSize: Int?
}

/// How long each stage of a search took.
package struct SearchTimings: Sendable, Equatable {
  /// From submission to the start of the batch.
  package var queue: Duration = .zero
  /// Encoding of the whole batch.
  package var encode: Duration = .zero
  /// Looking up what the filter lets through.
  package var filter: Duration?
  /// Search of the whole batch; with a filter, of all rounds.
  package var search: Duration = .zero
  /// Reading the rows of this query's results.
  package var database: Duration = .zero
  /// From then to the new order, queue included; nil without one.
  package var rerank: Duration?
}

/// Which index answered.
package struct IndexUse: Sendable, Equatable {
  /// The least exact kind of all corpora that were searched.
  package let kind: IndexKind
  /// The least recall@10 that these measured against an exact search when they were built; nil
  /// where all are exact.
  package let recall: Double?
}

/// The results of one search, best first; ties by ascending id.
package struct SearchAnswer: Sendable {
  package let results: [SearchResult]
  /// Nil where no vectors were searched.
  package let index: IndexUse?
  /// Where the next page begins; nil when there is none.
  package let cursor: SearchCursor?
  package let timings: SearchTimings
}
