import Tensor
import Testing

struct KernelsElementwiseTests {
  @Test func geluMatchesTheReferenceOverItsRange() {
    // Two tiles and a rest.
    let count = 2 * 65_536 + 3
    let values = (0..<count).map { Float($0) / Float(count) * 24 - 12 }
    let x = Matrix(rows: 1, columns: count, values: values)
    let y = x.gelu()
    var worst = 0.0
    for (input, output) in zip(DoubleMatrix(x).gelu().values, y.values) {
      worst = max(worst, abs(input - Double(output)) / max(1, abs(input)))
    }
    #expect(worst < 1e-6)
  }

  @Test func geluKeepsNotANumber() {
    #expect(Matrix(rows: 1, columns: 1, values: [.nan]).gelu()[0, 0].isNaN)
  }

  @Test func addScalesTheOther() {
    var sum = Matrix(rows: 1, columns: 3, values: [1, 2, 3])
    sum.add(Matrix(rows: 1, columns: 3, values: [10, 20, 30]), factor: -0.5)
    #expect(sum.values == [-4, -8, -12])
  }

  @Test(arguments: [0, 1, 4095, 4097, 70_000])
  func dotMatchesTheSumInDouble(count: Int) {
    let (a, b) = (Matrix.random(1, count, seed: 1), Matrix.random(1, count, seed: 2))
    let expected = zip(a.values, b.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(a.dot(b) - expected) <= 1e-6 * Double(max(1, count)).squareRoot())
  }

  @Test func addingUnequalShapesTraps() async {
    await #expect(processExitsWith: .failure) {
      var sum = Matrix(rows: 2, columns: 3)
      sum.add(Matrix(rows: 3, columns: 2))
    }
  }
}
