/// A parameter before it has values: what fresh and loaded models have in common.
package struct ParameterShape: Sendable, Equatable {
  /// How fresh values are made.
  package enum Start: Sendable, Equatable {
    /// Normal with variance factor²/columns; columns is the fan-in of a weight [output, input].
    case normal(factor: Float)
    /// Normal with a given standard deviation.
    case spread(Float)
    /// One value everywhere.
    case constant(Float)
  }

  /// A unique, dotted name.
  package let name: String
  /// The number of rows.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  /// Whether weight decay applies.
  package let decays: Bool
  /// How fresh values are made.
  package let start: Start

  /// Describes a parameter.
  package init(name: String, rows: Int, columns: Int, decays: Bool, start: Start) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.decays = decays
    self.start = start
  }

  /// A weight [output, input] with variance factor²/input; decays.
  package static func weight(
    _ name: String, output: Int, input: Int, factor: Float = 1
  ) -> ParameterShape {
    ParameterShape(
      name: name, rows: output, columns: input, decays: true, start: .normal(factor: factor))
  }

  /// A row vector [1, width] of one value; does not decay.
  package static func vector(_ name: String, width: Int, value: Float = 0) -> ParameterShape {
    ParameterShape(name: name, rows: 1, columns: width, decays: false, start: .constant(value))
  }

  /// A fresh parameter; a constant draws nothing.
  package func initial(random: inout RandomSource) -> ParameterSet.Parameter {
    let value =
      switch start {
      case .normal(let factor):
        random.normal(
          rows: rows, columns: columns, standardDeviation: factor / Float(columns).squareRoot())
      case .spread(let deviation):
        random.normal(rows: rows, columns: columns, standardDeviation: deviation)
      case .constant(let value):
        Matrix(rows: rows, columns: columns, repeating: value)
      }
    return ParameterSet.Parameter(name: name, value: value, decays: decays)
  }

  /// The parameter stored as `prefix` and its name; `path` is for errors.
  ///
  /// - Throws: `SafetensorsError` if it is missing or has another shape.
  package func read(
    from reader: SafetensorsReader, path: String, prefix: String = ""
  ) throws(SafetensorsError) -> ParameterSet.Parameter {
    try parameter(reader.float(prefix + name), path: path, prefix: prefix)
  }

  /// The parameter with a value that was read as `prefix` and its name.
  ///
  /// - Throws: `SafetensorsError` if it has another shape.
  package func parameter(
    _ found: Matrix, path: String, prefix: String = ""
  ) throws(SafetensorsError) -> ParameterSet.Parameter {
    guard found.rows == rows, found.columns == columns else {
      throw SafetensorsError(
        path: path,
        reason: .mismatchedTensor(
          name: prefix + name, found: "[\(found.rows), \(found.columns)]",
          expected: "[\(rows), \(columns)]"))
    }
    return ParameterSet.Parameter(name: name, value: found, decays: decays)
  }
}

extension ParameterSet {
  /// Fresh parameters of the given shapes, drawn one after another from one seed.
  package init(_ shapes: [ParameterShape], seed: UInt64) {
    var random = RandomSource(seed: seed)
    self.init(shapes.map { $0.initial(random: &random) })
  }

  /// The stored parameters of the given shapes, each stored as `prefix` and its name.
  ///
  /// - Throws: `SafetensorsError` if one is missing or has another shape.
  package init(
    _ shapes: [ParameterShape], from reader: SafetensorsReader, path: String, prefix: String = ""
  ) throws(SafetensorsError) {
    var parameters: [Parameter] = []
    parameters.reserveCapacity(shapes.count)
    for shape in shapes {
      parameters.append(try shape.read(from: reader, path: path, prefix: prefix))
    }
    self.init(parameters)
  }
}
