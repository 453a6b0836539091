import Foundation
import Tensor

/// A naive matrix of doubles: the reference that the kernels are judged by.
struct DoubleMatrix {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(rows: Int, columns: Int, _ entry: (Int, Int) -> Double) {
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { values.append(entry(row, column)) }
    }
    self.init(rows: rows, columns: columns, values: values)
  }

  init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns, values: matrix.values.map(Double.init))
  }

  subscript(row: Int, column: Int) -> Double {
    values[row * columns + column]
  }

  func row(_ index: Int) -> [Double] {
    Array(values[index * columns..<(index + 1) * columns])
  }

  func map(_ transform: (Double) -> Double) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns, values: values.map(transform))
  }

  func mapRows(_ transform: ([Double]) -> [Double]) -> DoubleMatrix {
    let results = (0..<rows).map { transform(row($0)) }
    return DoubleMatrix(
      rows: rows, columns: results.first?.count ?? columns, values: results.flatMap { $0 })
  }

  func transposed() -> DoubleMatrix {
    DoubleMatrix(rows: columns, columns: rows) { self[$1, $0] }
  }

  /// self · other.
  func times(_ other: DoubleMatrix) -> DoubleMatrix {
    precondition(columns == other.rows)
    var result = [Double](repeating: 0, count: rows * other.columns)
    for row in 0..<rows {
      for inner in 0..<columns {
        let factor = values[row * columns + inner]
        for column in 0..<other.columns {
          result[row * other.columns + column] +=
            factor * other.values[inner * other.columns + column]
        }
      }
    }
    return DoubleMatrix(rows: rows, columns: other.columns, values: result)
  }

  func adding(_ other: DoubleMatrix) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns, values: zip(values, other.values).map(+))
  }

  func addingRow(_ other: DoubleMatrix) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns) { self[$0, $1] + other[0, $1] }
  }

  func gelu() -> DoubleMatrix {
    map { x in 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) }
  }

  func normalizedRows() -> DoubleMatrix {
    mapRows { row in
      let norm = max(row.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-12)
      return row.map { $0 / norm }
    }
  }

  func layerNorm(gain: DoubleMatrix, bias: DoubleMatrix) -> DoubleMatrix {
    mapRows { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      return row.indices.map { index in
        (row[index] - mean) / (variance + 1e-5).squareRoot() * gain[0, index] + bias[0, index]
      }
    }
  }

  func logSumExp() -> DoubleMatrix {
    mapRows { row in
      let peak = row.max() ?? 0
      return [peak + log(row.reduce(0) { $0 + exp($1 - peak) })]
    }
  }

  func softmax() -> DoubleMatrix {
    mapRows { row in
      let peak = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp($1 - peak) }
      return row.map { exp($0 - peak) / total }
    }
  }

  /// Mean cross-entropy of rows that belong to the class of their own number.
  func crossEntropyOfDiagonal() -> Double {
    let sums = logSumExp()
    return (0..<rows).reduce(0) { $0 + sums[$1, 0] - self[$1, $1] } / Double(rows)
  }
}

extension DoubleMatrix {
  /// The largest difference from `matrix`, relative to the largest value here (at least `floor`).
  func relativeError(of matrix: Matrix, floor: Double = 1e-30) -> Double {
    precondition(rows == matrix.rows && columns == matrix.columns)
    let scale = max(values.map(abs).max() ?? 0, floor)
    var worst = 0.0
    for (expected, found) in zip(values, matrix.values) {
      let difference = abs(expected - Double(found)) / scale
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    return worst
  }
}

extension Matrix {
  /// Normal values of a seed.
  static func random(_ rows: Int, _ columns: Int, seed: UInt64, deviation: Float = 1) -> Matrix {
    var source = RandomSource(seed: seed)
    return source.normal(rows: rows, columns: columns, standardDeviation: deviation)
  }
}

extension SparseMatrix {
  /// About one entry in `1 / density`; every third row is empty.
  static func random(_ rows: Int, _ columns: Int, density: Float, seed: UInt64) -> SparseMatrix {
    var source = RandomSource(seed: seed)
    return SparseMatrix(
      columns: columns,
      sparseRows: (0..<rows).map { row in
        var entries = SparseRow(columns: [], values: [])
        if row % 3 == 2 { return entries }
        for column in 0..<columns where source.uniform() < density {
          entries.columns.append(Int32(column))
          entries.values.append(source.uniform() * 2 - 1)
        }
        return entries
      })
  }

  /// The same matrix with its zeros.
  var dense: DoubleMatrix {
    var values = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
        values[row * columns + Int(columnIndices[entry])] += Double(self.values[entry])
      }
    }
    return DoubleMatrix(rows: rows, columns: columns, values: values)
  }
}

extension Matrix {
  /// Rounds a reference.
  init(_ reference: DoubleMatrix) {
    self.init(
      rows: reference.rows, columns: reference.columns, values: reference.values.map { Float($0) })
  }
}
