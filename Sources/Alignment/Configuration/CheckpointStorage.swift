import Tensor

/// How precisely a checkpoint keeps its numbers.
///
/// Evaluations during training use the numbers as they will be kept.
public enum CheckpointStorage: String, Sendable, Codable {
  /// View tables and reference vectors as 16-bit floats, weights as 32-bit floats.
  case full
  /// Tables, reference vectors and weight matrices as 8-bit rows, each with a scale; weights of one
  /// row, such as biases, as 32-bit floats.
  case compact

  /// Whether a weight matrix of so many rows is kept as 8-bit rows.
  func usesBytes(rows: Int) -> Bool { self == .compact && rows > 1 }

  /// The weights as a checkpoint gives them back.
  func rounded(_ parameters: ParameterSet) -> ParameterSet {
    if self == .full { return parameters }
    return ParameterSet(
      parameters.parameters.map { parameter in
        var rounded = parameter
        if usesBytes(rows: parameter.value.rows) {
          rounded.value = ByteMatrix(rounding: parameter.value).widened()
        }
        return rounded
      })
  }

  /// Table or vectors, [rows, columns], as a checkpoint gives them back.
  func rounded(_ matrix: Matrix) -> HalfMatrix {
    HalfMatrix(
      rounding: self == .compact ? ByteMatrix(rounding: matrix).widened() : matrix)
  }

  /// A fitted view as a checkpoint gives it back.
  func rounded(_ view: LatentProjection) -> LatentProjection {
    if self == .full { return view }
    return LatentProjection(
      vocabulary: view.vocabulary, table: rounded(view.table.widened()))
  }
}
