import Tensor
import Testing

@Suite struct PrincipalComponentsTests {
  @Test func directionsAreOrderedByVariance() {
    var random = RandomSource(seed: 3)
    let spread: [Float] = [0.1, 3, 1]
    let rows = (0..<400).flatMap { _ in
      let point = random.normal(rows: 1, columns: 3, standardDeviation: 1)
      return (0..<3).map { 5 + spread[$0] * point[0, $0] }
    }
    let x = Matrix(rows: 400, columns: 3, values: rows)
    let components = PrincipalComponents(of: x, components: 2)
    #expect(components.axes.rows == 3 && components.axes.columns == 2)
    #expect(abs(components.axes[1, 0]) > 0.99)
    #expect(abs(components.axes[2, 1]) > 0.99)
    let projected = components.project(x)
    let mean = (0..<400).reduce(Float(0)) { $0 + projected[$1, 0] } / 400
    #expect(abs(mean) < 1e-3)
    let length = (0..<3).reduce(Float(0)) {
      $0 + components.axes[$1, 0] * components.axes[$1, 0]
    }
    #expect(abs(length - 1) < 1e-4)
  }

  @Test func thereAreNoMoreDirectionsThanColumns() {
    let x = Matrix(rows: 2, columns: 2, values: [1, 2, 3, 5])
    #expect(PrincipalComponents(of: x, components: 9).project(x).columns == 2)
  }
}
