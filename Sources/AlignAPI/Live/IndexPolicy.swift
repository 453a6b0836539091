package import Retrieval
import Tensor

/// Which kind of index a collection of vectors gets.
package struct IndexPolicy: Sendable, Equatable {
  /// The kind that was asked for; nil chooses by size.
  package var kind: IndexKind?
  /// From this many vectors on, codes are scanned instead of the vectors.
  package var codedFrom: Int

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
  func rebuilt(_ index: UpdatableIndex) -> UpdatableIndex {
    if index.liveCount < 2 || kind(for: index.liveCount) == index.kind {
      return index.compacted()
    }
    let live = index.compacted().base
    guard let exact = try? ExactIndex(ids: live.ids, vectors: live.vectors) else {
      preconditionFailure("an index holds what an index refuses")
    }
    return UpdatableIndex(self.index(of: exact))
  }

  /// Builds the index of vectors that were checked.
  func index(of exact: ExactIndex) -> any VectorIndex {
    switch kind(for: exact.count) {
    case .pgvector: return DatabaseRows(exact)
    // Codes and graphs need a few vectors to be of use, and none can be built of nothing.
    case .coded where exact.count >= 2: return CodedIndex(exact)
    case .graph where exact.count >= 2: return GraphIndex(exact)
    case .exact, .coded, .graph: return exact
    }
  }

  /// How many values of vectors of `dimension` are held in memory: none where the database has them.
  func heldDimension(_ dimension: Int) -> Int { kind == .pgvector ? 0 : dimension }
}
