public import Tensor

/// Rows whose vectors a database keeps and searches: here are their ids alone, 8 bytes each.
///
/// It tells which items can be found, and changes like every index. Asking it for neighbours is a
/// mistake of ours and traps.
public struct DatabaseRows: VectorIndex {
  /// The item of each row; no two alike.
  public let ids: [Int64]
  /// As many rows, of no values.
  public let vectors: StoredVectors

  /// Takes the ids of rows, whose values are forgotten.
  public init(_ rows: ExactIndex) {
    ids = rows.ids
    vectors = StoredVectors(.half(HalfMatrix(rows: rows.count, columns: 0, bits: [])))
  }

  /// Always ``IndexKind/pgvector``.
  public var kind: IndexKind { .pgvector }
  /// Bytes of the ids.
  public var memoryBytes: Int { 8 * ids.count }
  /// Nil: the database knows what was measured.
  public var recall: IndexRecall? { nil }

  /// Traps: the vectors are not here.
  public func search(queries: Matrix, count: Int, allowed: RowSet?) -> [[SearchHit]] {
    preconditionFailure("the database searches these rows")
  }

  /// Takes other rows.
  public func rebuilt(with rows: ExactIndex) -> DatabaseRows { DatabaseRows(rows) }
}
