package import Tensor

/// A parameter of the backbone before it has values.
package struct BackboneParameterShape: Sendable, Equatable {
  /// How fresh values are made.
  package enum Start: Sendable, Equatable {
    /// Normal values with this standard deviation.
    case normal(deviation: Float)
    /// One value everywhere.
    case constant(Float)
  }

  /// A unique, dotted name that starts with `backbone.`.
  package let name: String
  /// The number of rows.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  /// Whether weight decay applies.
  package let decays: Bool
  /// How fresh values are made.
  package let start: Start

  /// A fresh parameter; a constant draws nothing.
  package func initial(random: inout RandomSource) -> ParameterSet.Parameter {
    let value =
      switch start {
      case .normal(let deviation):
        random.normal(rows: rows, columns: columns, standardDeviation: deviation)
      case .constant(let constant):
        Matrix(rows: rows, columns: columns, repeating: constant)
      }
    return ParameterSet.Parameter(name: name, value: value, decays: decays)
  }

  static func weight(
    _ name: String, _ rows: Int, _ columns: Int, gain: Float = 1
  ) -> BackboneParameterShape {
    BackboneParameterShape(
      name: name, rows: rows, columns: columns, decays: true,
      start: .normal(deviation: gain / Float(columns).squareRoot()))
  }

  static func vector(_ name: String, _ columns: Int, _ value: Float) -> BackboneParameterShape {
    BackboneParameterShape(
      name: name, rows: 1, columns: columns, decays: false, start: .constant(value))
  }
}
