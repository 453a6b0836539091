public import Tensor

/// How an index finds its answers.
public enum IndexKind: String, Sendable, Codable, CaseIterable {
  /// Every vector is scored.
  case exact
  /// Codes of every vector are scanned, and the vectors of those that may be among the best scored.
  case coded
  /// A graph of near neighbours is walked.
  case graph
  /// PostgreSQL is asked, by an index of its extension pgvector.
  case pgvector
}

/// Vectors of items, searched for those with the largest inner products.
///
/// A row is an item's place, 0..<count. Indexes are values: a search never changes one.
public protocol VectorIndex: Sendable {
  /// How it finds its answers.
  var kind: IndexKind { get }
  /// The item of each row; no two alike.
  var ids: [Int64] { get }
  /// The number of rows, M.
  var count: Int { get }
  /// What scores are computed from; [M, d].
  var vectors: StoredVectors { get }
  /// Bytes held in memory: vectors, codes, links and ids.
  var memoryBytes: Int { get }
  /// How much of the exact answer it finds; nil for an index that is exact.
  var recall: IndexRecall? { get }

  /// The best `count` of the allowed rows for every query [Q, d], best first, ties by ascending id.
  ///
  /// Nil allows every row; a set's bound must be ``count``. Scores are dot products of the query
  /// with the vector as it is stored. Fewer hits only when fewer rows are allowed. Query values
  /// must be at most 65,504 in size, so that no score overflows.
  func search(queries: Matrix, count: Int, allowed: RowSet?) -> [[SearchHit]]

  /// An index of the same kind and configuration over other rows, whose ids and values were checked.
  func rebuilt(with rows: ExactIndex) -> Self
}

extension VectorIndex {
  /// The number of rows, M.
  public var count: Int { ids.count }
  /// The number of values of each vector, d.
  public var dimension: Int { vectors.columns }

  /// The best `count` items for every query; see ``search(queries:count:allowed:)``.
  public func search(queries: Matrix, count: Int) -> [[SearchHit]] {
    search(queries: queries, count: count, allowed: nil)
  }

  /// Checks what every search asks of its arguments.
  func checkSearch(_ queries: Matrix, _ count: Int, _ allowed: RowSet?) {
    precondition(count >= 0, "the best \(count) items")
    if queries.rows == 0 { return }
    precondition(queries.columns == dimension, "queries of \(queries.columns), not \(dimension)")
    precondition(
      queries.values.allSatisfy { $0.magnitude <= HalfBits.greatestFinite },
      "a query value outside the range of a 16-bit float")
    if let allowed {
      precondition(
        allowed.count == self.count, "a set of \(allowed.count) rows for \(self.count)")
    }
  }
}
