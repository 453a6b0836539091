package import Retrieval
import Tensor

/// Which kind of index a collection of vectors gets.
package struct IndexPolicy: Sendable, Equatable {
  /// The kind that was asked for; nil chooses by size.
  package var kind: IndexKind?
  /// From this many vectors on, codes are scanned instead of the vectors.
  package var codedFrom: Int
  /// Whether the last value of a stored vector holds hubs back in rankings across modalities.
  package var holdsHubsBack = false

  /// Queries that recall is measured with.
  static let recallSample = 200

  /// Below 100,000 vectors an exact scan takes few milliseconds, and codes would gain nothing.
  package init(kind: IndexKind? = nil, codedFrom: Int = 100_000) {
    self.kind = kind
    self.codedFrom = codedFrom
  }

  /// The kind for a number of vectors.
  package func kind(for count: Int) -> IndexKind {
    kind ?? (count < codedFrom ? .exact : .coded)
  }

  /// Builds an index anew without what was deleted, of the kind that fits what is left.
  func rebuilt(_ index: UpdatableIndex, queries: @autoclosure () -> Matrix?) -> UpdatableIndex {
    UpdatableIndex(self.index(of: index.live, queries: queries()))
  }

  /// Builds the index of vectors that were checked; where it is not exact, its recall is measured
  /// with `queries`.
  func index(of exact: ExactIndex, queries: @autoclosure () -> Matrix?) -> any VectorIndex {
    switch kind(for: exact.count) {
    case .pgvector: return DatabaseRows(exact)
    // Codes and graphs need a few vectors to be of use, and none can be built of nothing.
    case .coded where exact.count >= 2: return CodedIndex(exact, queries: queries())
    case .graph where exact.count >= 2: return GraphIndex(exact, queries: queries())
    case .exact, .coded, .graph: return exact
    }
  }

  /// Queries as searches make them, for measuring recall; at most ``recallSample``.
  ///
  /// Stored vectors of the other side of the corpus, or of the same side where that has none; in
  /// the place of the value that holds hubs back 1 for the other side and 0 for the same.
  func recallQueries(other: StoredVectors?, same: StoredVectors) -> Matrix {
    let isAcross = (other?.rows ?? 0) > 0
    let side = isAcross ? other ?? same : same
    let asked = side.evenlySpaced(Self.recallSample)
    guard holdsHubsBack else { return asked }
    return asked.columns(0..<asked.columns - 1).appendingColumns(
      of: Matrix(rows: asked.rows, columns: 1, repeating: isAcross ? 1 : 0))
  }

  /// How many values of vectors of `dimension` are held in memory: none where the database has them.
  func heldDimension(_ dimension: Int) -> Int { kind == .pgvector ? 0 : dimension }
}
