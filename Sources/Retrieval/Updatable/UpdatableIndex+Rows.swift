import Tensor

extension UpdatableIndex {
  /// With the items of another index added, those whose ids are there replaced.
  ///
  /// - Throws: ``VectorError`` as ``adding(ids:vectors:)``.
  public func adding(_ rows: ExactIndex) throws(VectorError) -> UpdatableIndex {
    if case .half(let halves) = rows.vectors.storage {
      return try adding(ids: rows.ids, vectors: halves)
    }
    return try adding(ids: rows.ids, vectors: HalfMatrix(rounding: rows.vectors.widened()))
  }
}
