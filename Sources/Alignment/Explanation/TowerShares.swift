import Tensor

/// What a tower makes of one view x, as a sum over the view's coordinates.
///
/// z(x) − z(0) = W₀·x + W₂·Δ·W₁·x with the diagonal Δ of (gelu(h + b) − gelu(b)) / h, h = W₁·x. Δ is
/// the mean of gelu's derivative on the straight way from 0 to x, so that these are the integrated
/// gradients of z in closed form. Everything is divided by |z(x)|.
struct TowerShares {
  /// The unit vector z(x) / |z(x)|; [1, output].
  let vector: Matrix
  /// z(0) / |z(x)|; [1, output].
  let base: Matrix
  private let tower: Tower
  private let parameters: ParameterSet
  /// Δ; [hidden].
  private let slopes: [Float]
  private let inverseLength: Float

  /// `view` is [1, view width].
  init(_ view: Matrix, modality: Modality, parameters: ParameterSet) {
    tower = Tower(modality: modality)
    self.parameters = parameters
    let bias = parameters[tower.name("hidden.bias")]
    let hidden = Matrix.product(
      view, parameters[tower.name("hidden.weight")], transposingB: true)
    let outputs = parameters[tower.name("output.weight")]
    let (high, low) = (hidden.adding(bias).gelu(), bias.gelu())
    // Where h is tiny, the quotient would be rounding alone.
    let step: Float = 1e-2
    let (above, below) = (bias.shifted(by: step).gelu(), bias.shifted(by: -step).gelu())
    slopes = hidden.values.indices.map { unit in
      let width = hidden.values[unit]
      return abs(width) > 1e-3
        ? (high.values[unit] - low.values[unit]) / width
        : (above.values[unit] - below.values[unit]) / (2 * step)
    }
    let start = Matrix.product(low, outputs, transposingB: true)
    let end = Matrix.product(high, outputs, transposingB: true)
      .adding(Matrix.product(view, parameters[tower.name("skip.weight")], transposingB: true))
    let length = Float(end.dot(end).squareRoot())
    inverseLength = length > 0 ? 1 / length : 0
    vector = end.scaled(by: inverseLength)
    base = start.scaled(by: inverseLength)
  }

  /// What one unit of each coordinate of the view adds to the inner product of the vector with a
  /// direction [1, output]; [view width].
  func gradient(along direction: Matrix) -> [Float] {
    let skip = Matrix.product(direction, parameters[tower.name("skip.weight")])
    let back = Matrix.product(direction, parameters[tower.name("output.weight")])
    let hidden = Matrix(
      rows: 1, columns: slopes.count, values: zip(back.values, slopes).map { $0 * $1 })
    return skip.adding(Matrix.product(hidden, parameters[tower.name("hidden.weight")]))
      .scaled(by: inverseLength).values
  }
}

extension Matrix {
  func adding(_ other: Matrix) -> Matrix {
    var sum = self
    sum.add(other)
    return sum
  }

  func scaled(by factor: Float) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { factor * $0 })
  }

  fileprivate func shifted(by step: Float) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { $0 + step })
  }
}

extension ModelViews {
  /// A table of a view: which family of features it reads and where its coordinates stand.
  struct Table {
    let family: Int
    let projection: LatentProjection
    let start: Int
  }

  /// The tables of a modality's fitted view.
  func tables(of modality: Modality) -> [Table] {
    switch modality {
    case .molecule:
      let fitted = fingerprint.width + structure.width
      var tables = [
        Table(family: 0, projection: fingerprint, start: 0),
        Table(family: 1, projection: structure, start: fingerprint.width),
      ]
      if let ridge {
        tables.append(Table(family: 0, projection: ridge.substructures, start: fitted))
        tables.append(Table(family: 1, projection: ridge.words, start: fitted))
      }
      return tables
    case .text:
      var tables = lexical.map { [Table(family: 0, projection: $0, start: 0)] } ?? []
      if let ridge {
        tables.append(Table(family: 0, projection: ridge.texts, start: lexical?.width ?? 0))
      }
      return tables
    }
  }
}

extension LatentProjection {
  /// What each feature of an item adds to the inner product of its view with a direction [width].
  func contributions(
    of item: FeatureCounts, along direction: ArraySlice<Float>
  ) -> [(key: UInt64, value: Double)] {
    let row = vocabulary.row(for: item)
    let dots = table.dots(
      DotQueries(Matrix(rows: 1, columns: width, values: Array(direction))),
      rows: .list(row.columns))
    return row.columns.indices.map { place in
      (
        vocabulary.keys[Int(row.columns[place])],
        Double(row.values[place]) * Double(dots[0, place])
      )
    }
  }
}
