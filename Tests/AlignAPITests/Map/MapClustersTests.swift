import Tensor
import Testing

@testable import AlignAPI

struct MapClustersTests {
  /// Three heaps of 20 points, 100 apart and 2 wide.
  private let heaps: Matrix = {
    var random = RandomSource(seed: 5)
    var values: [Float] = []
    for row in 0..<60 {
      values += [Float(row % 3) * 100 + random.uniform() * 2, random.uniform() * 2]
    }
    return Matrix(rows: 60, columns: 2, values: values)
  }()

  @Test func heapsFarApartAreTheGroups() {
    let groups = MapClusters(of: heaps, count: 3, seed: 1).groups(of: heaps)
    #expect(Set(groups).count == 3)
    for row in 3..<60 { #expect(groups[row] == groups[row % 3]) }
  }

  @Test func theSameSeedGivesTheSameGroups() {
    let first = MapClusters(of: heaps, count: 7, seed: 9)
    #expect(first.centers.values == MapClusters(of: heaps, count: 7, seed: 9).centers.values)
  }

  @Test func equalPointsAreOneGroup() {
    let points = Matrix(rows: 4, columns: 3, repeating: 0.5)
    let clusters = MapClusters(of: points, count: 3, seed: 1)
    #expect(clusters.centers.rows == 1)
    #expect(clusters.groups(of: points) == [0, 0, 0, 0])
  }
}
