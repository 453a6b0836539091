public import Tensor

/// Vectors in memory with the ids of the items they stand for, searched one and all.
///
/// M items of d values, 2·M·d bytes. A search misses nothing: it is the reference that faster
/// indexes are measured against.
public struct ExactIndex: Sendable {
  /// The item of each row; no two alike.
  public let ids: [Int64]
  /// One row for each item; [M, d], every value finite.
  public let vectors: HalfMatrix

  /// The number of items, M.
  public var count: Int { ids.count }
  /// The number of values of each vector, d.
  public var dimension: Int { vectors.columns }

  /// Indexes the rows of a matrix under the ids given in the same order.
  ///
  /// - Throws: ``VectorError`` for an id that comes twice or a value that is not finite.
  public init(ids: [Int64], vectors: HalfMatrix) throws(VectorError) {
    precondition(ids.count == vectors.rows, "\(ids.count) ids for \(vectors.rows) vectors")
    var seen: Set<Int64> = []
    seen.reserveCapacity(ids.count)
    for id in ids where !seen.insert(id).inserted {
      throw VectorError(id: id, reason: .repeatedID)
    }
    if let place = vectors.bits.firstIndex(where: HalfBits.isNotFinite) {
      throw VectorError(
        id: ids[place / vectors.columns],
        reason: .notFinite(component: place % vectors.columns))
    }
    self.init(checkedIDs: ids, vectors: vectors)
  }

  /// Takes ids and vectors that were checked one by one.
  init(checkedIDs ids: [Int64], vectors: HalfMatrix) {
    self.ids = ids
    self.vectors = vectors
  }
}
