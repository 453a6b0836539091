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

  @Test func weightsAreFoundByName() {
    let shapes = [
      ParameterShape.weight("a", output: 2, input: 3), .vector("b", width: 4, value: 2),
    ]
    let parameters = ParameterSet(shapes, seed: 1)
    #expect(parameters.lookup("a") == parameters["a"])
    #expect(parameters.lookup("b") == Matrix(rows: 1, columns: 4, repeating: 2))
    #expect(parameters == ParameterSet(shapes, seed: 1))
    #expect(parameters != ParameterSet(shapes, seed: 2))
    #expect(parameters.parameters.map(\.decays) == [true, false])
  }
}
