import Foundation
import Tensor
import Testing

@testable import Alignment

/// Values of NumPy, in double precision and straight from the definitions (scripts/golden/drift.py).
struct DriftStatisticsGoldenTests {
  /// The same samples as the script's.
  private func sample(_ count: Int, phase: Double, shift: Double) -> Matrix {
    let dimension = 8
    var values: [Float] = []
    for i in 0..<count {
      var row = (0..<dimension).map { j in
        sin(Double(i * i) * 0.37 + Double(j) * 1.9 + Double(i * j) * 0.11 + phase)
      }
      row[0] += shift
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      values += row.map { Float($0 / length) }
    }
    return Matrix(rows: count, columns: dimension, values: values)
  }

  @Test(arguments: [
    (0.0, [0.000000, 0.203278, -0.009829, 0.566667]),
    (0.5, [0.026145, 0.380184, 0.011130, 0.788889]),
    (2.0, [0.322031, 0.663338, 0.165617, 1.000000]),
  ])
  func statisticsAreThoseOfNumPy(shift: Double, expected: [Double]) {
    let reference = DriftReference(texts: sample(40, phase: 0, shift: 0), seed: 1)
    let found = DriftStatistics(
      of: sample(30, phase: 0.7, shift: shift), against: reference)
    let values = [found.drift, found.meanDistance, found.discrepancy, found.separability]
    for (value, golden) in zip(values, expected) { #expect(abs(value - golden) < 1e-5) }
  }

  @Test func samplesOfOneDistributionAreNotToldApart() {
    var random = RandomSource(seed: 7)
    func draw(_ count: Int) -> Matrix {
      Matrix(
        rows: count, columns: 16,
        values: (0..<count * 16).map { _ in random.uniform() - 0.5 })
    }
    let found = DriftStatistics(of: draw(600), against: DriftReference(texts: draw(600), seed: 1))
    #expect(found.drift < 0.02)
    #expect(abs(found.discrepancy) < 0.005)
    #expect(abs(found.separability - 0.5) < 0.08)
  }

  /// Embeddings of contrastive models have a mean near zero, whose direction says nothing.
  @Test func centredSamplesDoNotDriftAndOneTopicDoes() {
    var random = RandomSource(seed: 11)
    func draw(_ count: Int, around centre: Float = 0) -> Matrix {
      let rows = (0..<count).map { _ in
        let row = (0..<32).map { ($0 == 0 ? centre : 0) + random.uniform() - 0.5 }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 / length }
      }
      return Matrix(rows: count, columns: 32, values: rows.flatMap(\.self))
    }
    let reference = DriftReference(texts: draw(500), seed: 1)
    let same = DriftStatistics(of: draw(300), against: reference)
    #expect(same.drift < 0.02)
    #expect(same.meanDistance > 0.3)
    let other = DriftStatistics(of: draw(300, around: 4), against: reference)
    #expect(other.drift > 0.3)
  }

  @Test func equalPointsHaveNoDistance() {
    let rows = Matrix(rows: 20, columns: 4, repeating: 0.5)
    let found = DriftStatistics(of: rows, against: DriftReference(texts: rows, seed: 1))
    #expect(found.drift == 0 && found.meanDistance.magnitude < 1e-6)
    #expect(found.discrepancy == 0 && found.separability == 0.5)
  }
}
