public import Tensor

/// Vectors in memory with the ids of the items they stand for, searched one and all.
///
/// M items of d values, 2·M·d bytes by default. A search misses nothing: it is the reference that
/// faster indexes are measured against.
public struct ExactIndex: VectorIndex {
  /// The item of each row; no two alike.
  public let ids: [Int64]
  /// One row for each item; [M, d].
  public let vectors: StoredVectors

  /// Always ``IndexKind/exact``.
  public var kind: IndexKind { .exact }
  /// Bytes of vectors and ids.
  public var memoryBytes: Int { vectors.memoryBytes + 8 * ids.count }
  /// Nil: nothing is missed.
  public var recall: IndexRecall? { nil }

  /// Indexes the rows of a matrix under the ids given in the same order.
  ///
  /// - Throws: ``VectorError`` for an id that comes twice or a value that is not finite.
  public init(ids: [Int64], vectors: HalfMatrix) throws(VectorError) {
    try self.init(ids: ids, vectors: StoredVectors(.half(vectors)))
  }

  /// Indexes vectors of any precision under the ids given in the same order.
  ///
  /// - Throws: ``VectorError`` for an id that comes twice or a value that is not finite.
  public init(ids: [Int64], vectors: StoredVectors) throws(VectorError) {
    precondition(ids.count == vectors.rows, "\(ids.count) ids for \(vectors.rows) vectors")
    var seen: Set<Int64> = []
    seen.reserveCapacity(ids.count)
    for id in ids where !seen.insert(id).inserted {
      throw VectorError(id: id, reason: .repeatedID)
    }
    if let place = vectors.firstNotFinite() {
      throw VectorError(
        id: ids[place / vectors.columns],
        reason: .notFinite(component: place % vectors.columns))
    }
    self.init(checkedIDs: ids, vectors: vectors)
  }

  /// The rows themselves.
  public func rebuilt(with rows: ExactIndex) -> ExactIndex { rows }

  /// Takes ids and vectors that were checked one by one.
  init(checkedIDs ids: [Int64], vectors: StoredVectors) {
    self.ids = ids
    self.vectors = vectors
  }
}
