package import Tensor

/// Groups of points that lie together: k-means.
///
/// Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 1982, from the start of
/// Arthur and Vassilvitskii, "k-means++", SODA 2007. The same points and seed give the same groups.
package struct MapClusters: Sendable {
  /// The middle of each group; [groups, columns].
  package let centers: Matrix

  private static let rounds = 30

  /// Fits at most `count` groups to rows [N, columns], N at least 1.
  package init(of points: Matrix, count: Int, seed: UInt64) {
    precondition(points.rows > 0 && count > 0, "\(count) groups of \(points.rows) points")
    var random = RandomSource(seed: seed)
    var centers = Self.start(points, count, &random)
    var groups: [Int] = []
    for _ in 0..<Self.rounds {
      let next = Self.groups(of: points, around: centers)
      if next == groups { break }
      groups = next
      centers = Self.means(of: points, in: groups, else: centers)
    }
    self.centers = centers
  }

  /// The group of each row.
  package func groups(of points: Matrix) -> [Int] { Self.groups(of: points, around: centers) }

  /// Rows drawn with a probability that grows with the square of their distance from those drawn.
  private static func start(
    _ points: Matrix, _ count: Int, _ random: inout RandomSource
  ) -> Matrix {
    var chosen = [Int(random.uniform() * Float(points.rows))]
    var distances = [Float](repeating: .infinity, count: points.rows)
    while chosen.count < min(count, points.rows) {
      for row in 0..<points.rows {
        distances[row] = min(
          distances[row], distance(points, row, points, chosen[chosen.count - 1]))
      }
      let total = distances.reduce(0, +)
      guard total > 0 else { break }
      var rest = random.uniform() * total
      var next = points.rows - 1
      for row in 0..<points.rows {
        rest -= distances[row]
        if rest < 0 {
          next = row
          break
        }
      }
      chosen.append(next)
    }
    return points.gatheringRows(chosen)
  }

  private static func groups(of points: Matrix, around centers: Matrix) -> [Int] {
    (0..<points.rows).map { row in
      var best = (group: 0, distance: Float.infinity)
      for group in 0..<centers.rows {
        let distance = distance(points, row, centers, group)
        if distance < best.distance { best = (group, distance) }
      }
      return best.group
    }
  }

  /// The mean of each group; a group without rows keeps its center.
  static func means(
    of points: Matrix, in groups: [Int], else centers: Matrix
  ) -> Matrix {
    var sums = Matrix(rows: centers.rows, columns: centers.columns)
    var counts = [Float](repeating: 0, count: centers.rows)
    for (row, group) in groups.enumerated() {
      counts[group] += 1
      for column in 0..<points.columns { sums[group, column] += points[row, column] }
    }
    for group in 0..<centers.rows {
      for column in 0..<centers.columns {
        sums[group, column] =
          counts[group] > 0 ? sums[group, column] / counts[group] : centers[group, column]
      }
    }
    return sums
  }

  /// The square of the distance between two rows.
  static func distance(
    _ left: Matrix, _ leftRow: Int, _ right: Matrix, _ rightRow: Int
  ) -> Float {
    var sum: Float = 0
    for column in 0..<left.columns {
      let difference = left[leftRow, column] - right[rightRow, column]
      sum += difference * difference
    }
    return sum
  }
}
