import Foundation
package import Tensor

/// How far the embeddings of some queries are from a reference.
package struct DriftStatistics: Sendable, Equatable {
  /// 1 − cosine of the two kernel means, 0...1: 0 for texts of the same kind.
  ///
  /// Contrastive training spreads unit vectors evenly, so that their plain mean is nearly zero (length
  /// 0.07 for texts of the pairs) and its direction is chance: halves of the same 500 texts have plain
  /// means with a cosine of −0.04. In the space of a Gaussian kernel a mean is never near zero.
  package let drift: Double
  /// 1 − cosine of the two plain means, 0...2; 0 when one of them is zero.
  package let meanDistance: Double
  /// The unbiased estimate of the squared maximum mean discrepancy; may be below 0.
  package let discrepancy: Double
  /// The area under the curve of a classifier that tells queries from the reference; 0.5 when it
  /// cannot.
  package let separability: Double

  /// Queries [n, d] against a reference, at least ``leastCount`` of each.
  package init(of queries: Matrix, against reference: DriftReference) {
    precondition(
      queries.rows >= Self.leastCount && reference.sample.rows >= Self.leastCount,
      "\(queries.rows) queries and \(reference.sample.rows) texts")
    let distances = Distances(reference.sample, queries)
    drift = Self.kernelMeanDistance(distances)
    meanDistance = Self.cosineDistance(reference.mean.row(0), queries.meanOfRows().row(0))
    discrepancy = Self.squaredDiscrepancy(distances)
    separability = Self.areaUnderCurve(reference.sample, queries)
  }

  /// Rows that each side must have.
  package static let leastCount = 10

  /// 1 − ⟨μₓ, μᵧ⟩ / (‖μₓ‖ ‖μᵧ‖) of the means of two samples [m, d] and [n, d] in the space of a
  /// Gaussian kernel, from unbiased estimates of the three products; 0...1.
  ///
  /// The kernel's σ is half the median distance within x, so that a window of one topic that x has not
  /// comes out near 0.6, a window of half such texts near 0.3. (Muandet and others 2017, "Kernel Mean
  /// Embedding of Distributions", section 3.)
  private static func kernelMeanDistance(_ distances: Distances) -> Double {
    let median = median(ofSorted: distances.withinX.map { $0.squareRoot() }.sorted())
    if median == 0 { return 0 }
    let means = kernelMeans(distances, scale: Float(-2 / (median * median)))
    return max(0, min(1, 1 - means.xy / (means.xx * means.yy).squareRoot()))
  }

  /// The mean of exp(scale · d²) within x, within y, and between them; points are no pair with
  /// themselves.
  private static func kernelMeans(
    _ distances: Distances, scale: Float
  ) -> (xx: Double, yy: Double, xy: Double) {
    let (m, n) = (Double(distances.xx.rows), Double(distances.yy.rows))
    return (
      kernelSum(distances.xx, scale, leavingDiagonal: true) / (m * (m - 1)),
      kernelSum(distances.yy, scale, leavingDiagonal: true) / (n * (n - 1)),
      kernelSum(distances.xy, scale, leavingDiagonal: false) / (m * n)
    )
  }

  /// The middle number; the mean of the middle two when there are two.
  private static func median(ofSorted values: [Float]) -> Double {
    let middle = values.count / 2
    return values.count % 2 == 1
      ? Double(values[middle]) : (Double(values[middle - 1]) + Double(values[middle])) / 2
  }

  /// ‖xᵢ − xⱼ‖², ‖yᵢ − yⱼ‖² and ‖xᵢ − yⱼ‖² of two samples.
  private struct Distances {
    let xx: Matrix
    let yy: Matrix
    let xy: Matrix

    init(_ x: Matrix, _ y: Matrix) {
      (xx, yy, xy) = (squaredDistances(x, x), squaredDistances(y, y), squaredDistances(x, y))
    }

    var withinX: [Float] { Self.pairs(xx) }
    var withinY: [Float] { Self.pairs(yy) }

    private static func pairs(_ square: Matrix) -> [Float] {
      (0..<square.rows).flatMap { square.row($0).dropFirst($0 + 1) }
    }
  }

  /// The sum of exp(scale · d²) over distances, or over those between different points.
  private static func kernelSum(
    _ distances: Matrix, _ scale: Float, leavingDiagonal: Bool
  ) -> Double {
    Parallel.map(distances.rows, by: 32) { row in
      var sum = 0.0
      for (column, distance) in distances.row(row).enumerated()
      where !leavingDiagonal || column != row {
        sum += Double(exp(scale * distance))
      }
      return sum
    }.reduce(0, +)
  }

  static func cosineDistance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    var (dot, left, right) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      left += Double(x) * Double(x)
      right += Double(y) * Double(y)
    }
    return left > 0 && right > 0 ? 1 - dot / (left * right).squareRoot() : 0
  }
}

// MARK: Maximum mean discrepancy

extension DriftStatistics {
  /// Pairs whose distances give the width of the kernel; of more, some at equal steps.
  private static let medianPairs = 250_000

  /// MMD²ᵤ of two samples [m, d] and [n, d], with a Gaussian kernel.
  ///
  /// Gretton and others 2012, "A Kernel Two-Sample Test", JMLR 13, equation 3; the kernel is
  /// exp(−‖x − y‖² / 2σ²) with σ the median distance between points of both samples together
  /// (section 8).
  private static func squaredDiscrepancy(_ distances: Distances) -> Double {
    let squaredWidth = medianSquaredDistance(distances)
    if squaredWidth == 0 { return 0 }
    let means = kernelMeans(distances, scale: -0.5 / Float(squaredWidth))
    return means.xx + means.yy - 2 * means.xy
  }

  /// ‖xᵢ − yⱼ‖²; [m, n].
  private static func squaredDistances(_ x: Matrix, _ y: Matrix) -> Matrix {
    func norms(_ matrix: Matrix) -> [Float] {
      (0..<matrix.rows).map { matrix.row($0).reduce(0) { $0 + $1 * $1 } }
    }
    let (left, right) = (norms(x), norms(y))
    let dots = Matrix.product(x, y, transposingB: true)
    let rows = Parallel.map(x.rows, by: 32) { row in
      zip(dots.row(row), right).map { dot, norm in max(0, left[row] + norm - 2 * dot) }
    }
    return Matrix(rows: x.rows, columns: y.rows, values: rows.flatMap(\.self))
  }

  /// The median over pairs of different points of both samples; the mean of the middle two when
  /// their number is even.
  private static func medianSquaredDistance(_ distances: Distances) -> Double {
    let all = distances.withinX + distances.withinY + distances.xy.values
    let step = max(1, all.count / medianPairs)
    let median = median(
      ofSorted: stride(from: 0, to: all.count, by: step).map { all[$0].squareRoot() }.sorted())
    return median * median
  }
}

// MARK: Classifier

extension DriftStatistics {
  /// Parts of the data; each is judged by a classifier of the others.
  static let folds = 10
  /// Rows of each side that are classified at most.
  static let classifiedRows = 300
  /// The penalty of the classifier as a share of its kernel's trace.
  static let penaltyShare: Float = 0.01

  /// The area under the curve of a linear classifier of two samples, cross-fitted.
  ///
  /// A classifier two-sample test (Lopez-Paz and Oquab 2017, "Revisiting Classifier Two-Sample
  /// Tests"), with the area in the place of the accuracy. Least squares on ±1 with a ridge penalty
  /// is Fisher's discriminant (Hastie, Tibshirani, Friedman 2009, exercise 4.2). As many of each
  /// side; row i is in fold i mod 10; the area is the mean over the folds.
  static func areaUnderCurve(_ x: Matrix, _ y: Matrix) -> Double {
    let count = min(x.rows, y.rows, classifiedRows)
    let rows = Array(0..<count)
    let joined = x.gatheringRows(rows).appendingRows(of: y.gatheringRows(rows))
    let mean = joined.meanOfRows()
    let centred = Matrix(
      rows: joined.rows, columns: joined.columns,
      values: joined.values.enumerated().map { $1 - mean.values[$0 % joined.columns] })
    let kernel = Matrix.product(centred, centred, transposingB: true)
    let trace = (0..<kernel.rows).reduce(Float(0)) { $0 + kernel[$1, $1] }
    // All points are one: nothing tells the sides apart.
    guard trace > 0 else { return 0.5 }
    let labels = Matrix(
      rows: 2 * count, columns: 1,
      values: (0..<2 * count).map { $0 < count ? -1 : 1 })
    let groups = (0..<2 * count).map { $0 % count % folds }
    guard
      let ridge = KernelRidge(
        kernel: kernel, targets: labels, groups: groups, penalty: penaltyShare * trace)
    else { preconditionFailure("a kernel with a penalty is positive definite") }
    let areas = (0..<min(folds, count)).map { fold in
      let members = groups.indices.filter { groups[$0] == fold }
      return area(
        negative: members.filter { $0 < count }.map { ridge.heldOut[$0, 0] },
        positive: members.filter { $0 >= count }.map { ridge.heldOut[$0, 0] })
    }
    return areas.reduce(0, +) / Double(areas.count)
  }

  /// The share of pairs in which the positive has the larger value; equal ones count half.
  private static func area(negative: [Float], positive: [Float]) -> Double {
    let sum = positive.reduce(0.0) { sum, high in
      negative.reduce(sum) { $0 + ($1 < high ? 1 : $1 == high ? 0.5 : 0) }
    }
    return sum / Double(negative.count * positive.count)
  }
}
