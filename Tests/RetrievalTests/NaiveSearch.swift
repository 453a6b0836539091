import Retrieval
import Tensor

/// The search that a reader can check by eye: score everything in Double, then sort.
enum NaiveSearch {
  /// Every item with its exact score, best first, ties by ascending id.
  static func ranking(ids: [Int64], vectors: Matrix, query: ArraySlice<Float>) -> [(
    id: Int64, score: Double
  )] {
    let scored = ids.indices.map { row in
      let score = zip(vectors.row(row), query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      return (id: ids[row], score: score)
    }
    return scored.sorted { $0.score > $1.score || ($0.score == $1.score && $0.id < $1.id) }
  }

  /// Small integers: their products and sums are exact in any order, so scores can be compared
  /// with `==` and ties abound.
  static func integers(rows: Int, columns: Int, from source: inout RandomSource) -> Matrix {
    let values = (0..<rows * columns).map { _ in Float(Int.random(in: -2...2, using: &source)) }
    return Matrix(rows: rows, columns: columns, values: values)
  }
}
