package import Postgres

/// One found item with its row.
package struct SearchResult: Sendable, Equatable {
  /// From 1, without gaps.
  package let rank: Int
  /// The row's id in `items`.
  package let id: Int64
  /// The item's id in its file.
  package let sourceID: String
  /// The name of the item's corpus.
  package let corpus: String
  /// The cosine of query and item, −1...1 up to rounding; across modalities less what holds hubs
  /// back (``AlignmentModel``'s `storedDimension`).
  ///
  /// With a re-ranker, the best molecules for a text
  /// have its scores instead, which may lie below those of the molecules that follow.
  package let score: Float
  package let smiles: String?
  package let text: String?
  /// A JSON object: the file's other columns.
  package let properties: JSONText
}

/// How long each stage of a search took.
package struct SearchTimings: Sendable, Equatable {
  /// From submission to the start of the batch.
  package var queue: Duration = .zero
  /// Encoding of the whole batch.
  package var encode: Duration = .zero
  /// Search of the whole batch.
  package var search: Duration = .zero
  /// Reading the rows of this query's results.
  package var database: Duration = .zero
  /// From then to the new order, queue included; nil without one.
  package var rerank: Duration?
}

/// The results of one search, best first; ties by ascending id.
package struct SearchAnswer: Sendable {
  package let results: [SearchResult]
  package let timings: SearchTimings
}
