import Tensor

/// A parameter before it has values: what fresh and loaded models have in common.
struct ParameterShape: Sendable {
  /// How fresh values are made.
  enum Start: Sendable {
    /// Normal with variance 1/columns, the fan-in.
    case normal
    /// One value everywhere.
    case constant(Float)
  }

  let name: String
  let rows: Int
  let columns: Int
  let decays: Bool
  let start: Start

  /// A fresh parameter; a constant draws nothing.
  func initial(random: inout RandomSource) -> ParameterSet.Parameter {
    switch start {
    case .normal:
      filled(
        with: random.normal(
          rows: rows, columns: columns, standardDeviation: 1 / Float(columns).squareRoot()))
    case .constant(let value):
      filled(with: Matrix(rows: rows, columns: columns, repeating: value))
    }
  }

  /// The parameter stored as `prefix` and its name.
  ///
  /// - Throws: `SafetensorsError` if it is missing or has another shape or precision.
  func read(
    from reader: SafetensorsReader, path: String, prefix: String = "",
    storage: CheckpointStorage = .full
  ) throws(SafetensorsError) -> ParameterSet.Parameter {
    let found = try reader.weights(prefix + name, rows: rows, storage: storage)
    guard found.rows == rows, found.columns == columns else {
      throw SafetensorsError(
        path: path,
        reason: .mismatchedTensor(
          name: prefix + name, found: "[\(found.rows), \(found.columns)]",
          expected: "[\(rows), \(columns)]"))
    }
    return filled(with: found)
  }

  private func filled(with value: Matrix) -> ParameterSet.Parameter {
    ParameterSet.Parameter(name: name, value: value, decays: decays)
  }
}
