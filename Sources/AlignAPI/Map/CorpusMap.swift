import Retrieval
import Tensor

/// A corpus's molecules in the plane: their vectors along the two directions of largest variance.
///
/// At most ``mostPoints`` molecules are shown, chosen by a hash of their ids, so that the choice
/// stays the same while others come and go. The directions are those of the first
/// ``fittedPoints``.
package struct CorpusMap: Sendable {
  /// One molecule.
  package struct Point: Sendable, Equatable {
    package let id: Int64
    package let x: Float
    package let y: Float
    /// A place in ``clusters``.
    package let cluster: Int
  }

  /// Molecules that lie together, by k-means along the 16 directions of largest variance.
  package struct Cluster: Sendable, Equatable {
    /// Points of the map.
    package let size: Int
    /// The molecule nearest to the middle.
    package let center: Int64
  }

  package let corpus: String
  package let version: Int64
  /// Molecules of the corpus, shown or not.
  package let molecules: Int
  /// In the order of the hash, so that a prefix is a sample.
  package let points: [Point]
  /// The largest first.
  package let clusters: [Cluster]
  /// Which share of the vectors' variance each direction has, 0...1; two numbers.
  package let variance: [Float]
  /// For each ``Descriptor`` one value for each point; NaN where it is not known.
  private let descriptors: [[Float]]

  /// Molecules that a map shows at most.
  package static let mostPoints = 50_000
  /// Molecules that directions and clusters are fitted to.
  static let fittedPoints = 8_192
  /// Clusters of a large corpus.
  static let mostClusters = 12
  private static let seed: UInt64 = 2026
  private static let clusterAxes = 16
  private static let blockRows = 4_096

  /// The values of a descriptor, in the order of ``points``.
  package func values(_ descriptor: Descriptor) -> [Float] { descriptors[descriptor.place] }

  /// Projects the molecules of a corpus; `dimension` is the length of the unit vectors, which may
  /// be followed by a number that is left out.
  ///
  /// O(fitted · dimension² + dimension³ + points · dimension).
  package init(of corpus: LoadedCorpora.Corpus, in corpora: LoadedCorpora, dimension: Int) {
    self.corpus = corpus.name
    version = corpus.version
    molecules = corpus.molecules.liveCount
    let ids = corpus.molecules.ids
    let vectors = corpus.molecules.vectors
    let rows = Self.sample(ids, leavingOut: corpus.molecules.deleted)
    guard !rows.isEmpty else {
      (points, clusters, variance) = ([], [], [0, 0])
      descriptors = Descriptor.allCases.map { _ in [] }
      return
    }
    let fitted = Self.unitVectors(vectors, rows.prefix(Self.fittedPoints), dimension)
    let components = PrincipalComponents(of: fitted, components: min(Self.clusterAxes, dimension))
    let coordinates = Self.project(vectors, rows, dimension, along: components)
    let start = coordinates.gatheringRows(Array(0..<fitted.rows))
    variance = Self.variance(of: start, in: fitted)
    let groups = MapClusters(
      of: start, count: max(1, min(Self.mostClusters, rows.count / 16)), seed: Self.seed)
    let members = Self.numberedBySize(groups.groups(of: coordinates))
    let shown = rows.map { ids[Int($0)] }
    points = shown.indices.map { place in
      Point(
        id: shown[place], x: coordinates[place, 0],
        y: coordinates.columns > 1 ? coordinates[place, 1] : 0, cluster: members[place])
    }
    clusters = Self.central(coordinates, members).map { size, row in
      Cluster(size: size, center: shown[row])
    }
    descriptors = Self.descriptors(of: shown, in: corpora.items)
  }

  /// The live rows with the smallest hashes of their ids.
  private static func sample(_ ids: [Int64], leavingOut deleted: RowSet) -> [Int32] {
    let live = ids.indices.filter { !deleted.contains($0) }
    let order = live.map { (hash(ids[$0]), Int32($0)) }.sorted(by: <)
    return order.prefix(mostPoints).map(\.1)
  }

  private static func hash(_ id: Int64) -> UInt64 {
    var source = RandomSource(seed: UInt64(bitPattern: id))
    return source.next()
  }

  private static func unitVectors(
    _ vectors: StoredVectors, _ rows: some Collection<Int32>, _ dimension: Int
  ) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(rows.count * dimension)
    for row in rows {
      values += vectors.widened(rows: Int(row)..<Int(row) + 1).values.prefix(dimension)
    }
    return Matrix(rows: rows.count, columns: dimension, values: values)
  }

  /// The coordinates of rows, block by block; [rows.count, components].
  private static func project(
    _ vectors: StoredVectors, _ rows: [Int32], _ dimension: Int,
    along components: PrincipalComponents
  ) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(rows.count * components.axes.columns)
    for start in stride(from: 0, to: rows.count, by: blockRows) {
      let block = rows[start..<min(start + blockRows, rows.count)]
      values += components.project(unitVectors(vectors, block, dimension)).values
    }
    return Matrix(rows: rows.count, columns: components.axes.columns, values: values)
  }

  /// The same groups without empty ones, the largest numbered 0.
  private static func numberedBySize(_ groups: [Int]) -> [Int] {
    let sizes = groups.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let order = sizes.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
    let numbers = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1.key, $0) })
    return groups.map { numbers[$0, default: 0] }
  }

  /// The size of each group, and the row nearest to the mean of its rows.
  private static func central(
    _ points: Matrix, _ groups: [Int]
  ) -> [(size: Int, row: Int)] {
    let count = (groups.max() ?? -1) + 1
    let empty = Matrix(rows: count, columns: points.columns)
    let means = MapClusters.means(of: points, in: groups, else: empty)
    var sizes = [Int](repeating: 0, count: count)
    var best = [(row: Int, distance: Float)](repeating: (0, .infinity), count: count)
    for (row, group) in groups.enumerated() {
      sizes[group] += 1
      let distance = MapClusters.distance(points, row, means, group)
      if distance < best[group].distance { best[group] = (row, distance) }
    }
    return zip(sizes, best).map { ($0, $1.row) }
  }

  private static func variance(of coordinates: Matrix, in vectors: Matrix) -> [Float] {
    func centered(_ matrix: Matrix) -> [Float] {
      let sums = matrix.sumOfRows().values
      var squares = [Float](repeating: 0, count: matrix.columns)
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          squares[column] += matrix[row, column] * matrix[row, column]
        }
      }
      let count = Float(matrix.rows)
      return zip(squares, sums).map { max(0, $0 / count - ($1 / count) * ($1 / count)) }
    }
    let total = centered(vectors).reduce(0, +)
    let own = centered(coordinates)
    return (0..<2).map { $0 < own.count && total > 0 ? min(1, own[$0] / total) : 0 }
  }

  private static func descriptors(of ids: [Int64], in items: ItemTable) -> [[Float]] {
    let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    var values = [[Float]](
      repeating: [Float](repeating: .nan, count: ids.count), count: Descriptor.allCases.count)
    for segment in items.segments {
      for row in 0..<segment.count where !segment.isDeleted[row] {
        guard let place = places[segment.ids[row]] else { continue }
        for number in values.indices {
          values[number][place] = segment.descriptors[number][row]
        }
      }
    }
    return values
  }
}
