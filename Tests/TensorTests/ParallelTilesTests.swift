import Tensor
import Testing

struct ParallelTilesTests {
  @Test(arguments: [
    ([], []), ([5], [0..<1]), ([3, 3, 3], [0..<3]), ([4, 4, 4], [0..<2, 2..<3]),
    ([20, 1, 1], [0..<1, 1..<3]), ([1, 20, 1], [0..<1, 1..<2, 2..<3]), ([0, 0, 0], [0..<3]),
    ([10, 0, 1], [0..<2, 2..<3]),
  ])
  func runsEndBeforeTheLimit(sizes: [Int], expected: [Range<Int>]) {
    #expect(Parallel.map(sizes.count, atMost: 10, size: { sizes[$0] }) { $0 } == expected)
  }
}
