import Tensor

/// The matrices of a checkpoint as tensors, in the precision of its ``CheckpointStorage``.
extension [String: StoredTensor] {
  /// Adds a view's table or reference vectors.
  mutating func add(_ matrix: HalfMatrix, named name: String, storage: CheckpointStorage) {
    switch storage {
    case .full: self[name] = .half(matrix)
    case .compact: add(ByteMatrix(rounding: matrix.widened()), named: name)
    }
  }

  /// Adds weights.
  mutating func add(_ weights: Matrix, named name: String, storage: CheckpointStorage) {
    if storage.usesBytes(rows: weights.rows) {
      add(ByteMatrix(rounding: weights), named: name)
    } else {
      self[name] = .float(weights)
    }
  }
}

extension SafetensorsReader {
  /// A view's table or reference vectors.
  ///
  /// - Throws: `SafetensorsError` if it is missing, or stored in another precision.
  func table(_ name: String, storage: CheckpointStorage) throws(SafetensorsError) -> HalfMatrix {
    switch storage {
    case .full: try half(name)
    case .compact: HalfMatrix(rounding: try byte(name).widened())
    }
  }

  /// Weights, of which `rows` rows are expected.
  ///
  /// - Throws: `SafetensorsError` if they are missing, or stored in another precision.
  func weights(
    _ name: String, rows: Int, storage: CheckpointStorage
  ) throws(SafetensorsError) -> Matrix {
    storage.usesBytes(rows: rows) ? try byte(name).widened() : try float(name)
  }
}
