public import Tensor

/// An index whose items come, change and go without a pause: a value, so that searches under way
/// keep what they began with.
///
/// A base of any kind stays as it was built. Items that were added since lie in a tail that is
/// searched exactly, and a set names the rows that are gone. Rows are those of the base, then those
/// of the tail; a row keeps its number until ``compacted()``, and a changed item has a new row.
///
/// The owner replaces its index by what ``adding(ids:vectors:)`` and ``removing(ids:)`` return. Both
/// may be applied again to an index that has them already, so that changes which arrive while
/// ``compacted()`` runs are applied to its result once more.
public struct UpdatableIndex: VectorIndex {
  /// What was built at last.
  public let base: any VectorIndex
  /// Rows that no search may find.
  public private(set) var deleted: RowSet
  private let lookup: RowLookup
  private var tail: ExactIndex
  private var tailRows: [Int64: Int]

  /// Starts from an index without changes.
  public init(_ base: any VectorIndex) {
    self.base = base
    lookup = RowLookup(base.ids)
    deleted = RowSet(count: base.count)
    tail = ExactIndex(checkedIDs: [], vectors: base.vectors.gathering([]))
    tailRows = [:]
  }

  /// The kind of the base.
  public var kind: IndexKind { base.kind }
  /// What was measured when the base was built.
  public var recall: IndexRecall? { base.recall }
  /// The item of each row; those of deleted rows are stale.
  ///
  /// O(M) when there is a tail.
  public var ids: [Int64] { tail.ids.isEmpty ? base.ids : base.ids + tail.ids }
  /// The number of rows, deleted ones included.
  public var count: Int { base.count + tail.count }
  /// The number of values of each vector, d.
  public var dimension: Int { base.dimension }
  /// The number of items that a search can find.
  public var liveCount: Int { count - deleted.population }
  /// Bytes held in memory.
  public var memoryBytes: Int { base.memoryBytes + tail.memoryBytes + deleted.words.count * 8 }
  /// All rows, deleted ones included; copies them when there is a tail.
  public var vectors: StoredVectors {
    tail.ids.isEmpty ? base.vectors : base.vectors.appending(tail.vectors)
  }

  /// The row of an item that a search can find, if there is one; O(log M).
  public func row(of id: Int64) -> Int? {
    if let row = tailRows[id] { return base.count + row }
    guard let row = lookup.row(of: id), !deleted.contains(row) else { return nil }
    return row
  }

  /// What has changed since the base was built: ids of the base that are gone, and items of the tail.
  ///
  /// The base with these applied is the same index again.
  public var changes: (deleted: [Int64], added: ExactIndex) {
    let rows = deleted.rows.prefix { $0 < base.count }
    let live = (0..<Int32(tail.count)).filter { !deleted.contains(base.count + Int($0)) }
    return (
      rows.map { base.ids[Int($0)] },
      ExactIndex(
        checkedIDs: live.map { tail.ids[Int($0)] }, vectors: tail.vectors.gathering(live))
    )
  }

  /// With items added, those whose ids are there replaced; O(added + tail + M/64).
  ///
  /// - Throws: ``VectorError`` for an id that comes twice or a value that is not finite.
  public func adding(ids: [Int64], vectors: HalfMatrix) throws(VectorError) -> UpdatableIndex {
    precondition(
      vectors.columns == dimension, "vectors of \(vectors.columns) values, not \(dimension)")
    let added = try ExactIndex(ids: ids, vectors: vectors)
    var result = removing(ids: ids)
    let first = tail.count
    for (place, id) in ids.enumerated() { result.tailRows[id] = first + place }
    let rows =
      base.vectors.precision == .half
      ? added.vectors
      : StoredVectors(rounding: vectors.widened(), to: base.vectors.precision)
    result.tail = ExactIndex(checkedIDs: tail.ids + ids, vectors: tail.vectors.appending(rows))
    result.deleted = result.deleted.extended(to: result.count)
    return result
  }

  /// Without some items; ids that are not there are passed over.
  ///
  /// O(removed · log M + M/64).
  public func removing(ids: [Int64]) -> UpdatableIndex {
    var result = self
    for id in ids {
      guard let row = result.row(of: id) else { continue }
      result.deleted.insert(row)
      result.tailRows[id] = nil
    }
    return result
  }

  /// Whether so much has changed that building anew pays: a 16th of the base in the tail, or a
  /// quarter of all rows deleted, and at least 4,096 rows.
  public var needsCompaction: Bool {
    tail.count > max(4_096, base.count / 16) || deleted.population > max(4_096, count / 4)
  }

  /// The items that a search can find, in the order of their rows; copies their vectors.
  public var live: ExactIndex {
    let live = deleted.complement
    let rows = live.rows
    let own = rows.prefix { $0 < base.count }
    let added = rows.dropFirst(own.count).map { $0 - Int32(base.count) }
    return ExactIndex(
      checkedIDs: own.map { base.ids[Int($0)] } + added.map { tail.ids[Int($0)] },
      vectors: base.vectors.gathering(Array(own)).appending(tail.vectors.gathering(added)))
  }

  /// A base of the same kind over the live rows, without tail; their order is kept.
  public func compacted() -> UpdatableIndex {
    UpdatableIndex(base.rebuilt(with: live))
  }

  /// Starts from other rows without changes.
  public func rebuilt(with rows: ExactIndex) -> UpdatableIndex {
    UpdatableIndex(base.rebuilt(with: rows))
  }

  /// The best of the allowed rows that are not deleted; see ``VectorIndex``.
  public func search(queries: Matrix, count: Int, allowed: RowSet?) -> [[SearchHit]] {
    checkSearch(queries, count, allowed)
    let isWhole = allowed == nil && deleted.population == 0
    let live = deleted.complement
    let rows = allowed.map(live.intersection) ?? live
    let old = base.search(
      queries: queries, count: count, allowed: isWhole ? nil : rows.slice(0..<base.count))
    if tail.ids.isEmpty { return old }
    let new = tail.search(
      queries: queries, count: count, allowed: rows.slice(base.count..<self.count))
    return zip(old, new).map { old, new in
      Array((old + new).sorted { $0.precedes($1) }.prefix(count))
    }
  }
}
