import Foundation
import Tensor
import Testing

struct RandomSourceNormalTests {
  @Test func momentsAreThoseOfTheNormalDistribution() {
    var source = RandomSource(seed: 1)
    let values = source.normal(rows: 200, columns: 200, standardDeviation: 3).values
      .map { Double($0) / 3 }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let fourth = values.reduce(0) { $0 + pow($1 - mean, 4) } / count
    // Four standard errors: 1/√n, √(2/n), √(96/n).
    #expect(abs(mean) < 4 / count.squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / count).squareRoot())
    #expect(abs(fourth - 3) < 4 * (96 / count).squareRoot())
  }

  @Test(arguments: [(0, 3), (1, 1), (3, 5)])
  func shapeIsAsAskedForOddCountsToo(rows: Int, columns: Int) {
    var source = RandomSource(seed: 2)
    let matrix = source.normal(rows: rows, columns: columns, standardDeviation: 1)
    #expect(matrix.rows == rows && matrix.columns == columns)
    #expect(matrix.values.allSatisfy { $0.isFinite })
  }
}
