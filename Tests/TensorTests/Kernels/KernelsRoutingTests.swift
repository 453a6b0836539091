import Foundation
import Tensor
import Testing

struct KernelsRoutingTests {
  @Test(arguments: [(1, 1, 1), (5, 7, 7), (9, 64, 8), (3, 1000, 16)])
  func topColumnsEqualASort(rows: Int, columns: Int, count: Int) {
    // Few different values, so that there are ties.
    let scores = Matrix(
      rows: rows, columns: columns,
      values: Matrix.random(rows, columns, seed: 1).values.map { ($0 * 4).rounded() })
    let bias = Matrix.random(1, columns, seed: 2).values.map { $0.rounded() }
    let found = scores.topColumns(count, bias: bias)
    for row in 0..<rows {
      let sums = (0..<columns).map { scores[row, $0] + bias[$0] }
      let sorted = (0..<columns).sorted { sums[$0] != sums[$1] ? sums[$0] > sums[$1] : $0 < $1 }
      #expect(
        Array(found.columns[row * count..<(row + 1) * count]).map(Int.init)
          == Array(sorted.prefix(count)))
    }
  }

  @Test func scoresThatAreNoNumberStillGiveDistinctColumns() {
    let scores = Matrix(rows: 1, columns: 6, repeating: .nan)
    let found = scores.topColumns(3, bias: [Float](repeating: 0, count: 6))
    #expect(Set(found.columns).count == 3)
    #expect(found.columns.allSatisfy { $0 >= 0 && $0 < 6 })
  }

  @Test(arguments: [(1, 1), (2, 3), (3, 9), (8, 8), (16, 5), (64, 16)])
  func topPairsEqualASearchOfAllPairs(codes: Int, count: Int) {
    let (first, second) = (Matrix.random(7, codes, seed: 3), Matrix.random(7, codes, seed: 4))
    let none = [Float](repeating: 0, count: codes)
    let found = Matrix.topPairs(
      first.topColumns(min(codes, count), bias: none),
      second.topColumns(min(codes, count), bias: none), codes: codes, count: count)
    for row in 0..<7 {
      let sums = (0..<codes * codes).map { first[row, $0 / codes] + second[row, $0 % codes] }
      let sorted = sums.indices.sorted { sums[$0] > sums[$1] }
      #expect(
        Array(found.columns[row * count..<(row + 1) * count]).map(Int.init)
          == Array(sorted.prefix(count)))
    }
  }

  @Test(arguments: [(1, 2), (5, 17), (3, 256)])
  func entropies(rows: Int, columns: Int) {
    let x = Matrix.random(rows, columns, seed: 5, deviation: 2)
    let energy = x.energyEntropyOfRows()
    let softmax = x.softmaxEntropyOfRows()
    for row in 0..<rows {
      let values = x.row(row).map(Double.init)
      let total = values.reduce(0) { $0 + $1 * $1 }
      let p = values.map { $0 * $0 / total }
      let expected = -p.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) } / log(Double(columns))
      #expect(abs(Double(energy[row]) - expected) < 2e-6)
      let sum = values.reduce(0) { $0 + exp($1) }
      let q = values.map { exp($0) / sum }
      #expect(abs(Double(softmax[row]) + q.reduce(0) { $0 + $1 * log($1) }) < 5e-6)
    }
  }

  @Test func entropyAtItsEnds() {
    let x = Matrix(
      rows: 3, columns: 4, values: [0, 0, 0, 0, 2, 0, 0, 0, -3, 3, 3, -3])
    let entropies = x.energyEntropyOfRows()
    #expect(entropies[0] == 0)
    #expect(abs(entropies[1]) < 1e-6)
    #expect(abs(entropies[2] - 1) < 1e-6)
    #expect(Matrix(rows: 1, columns: 1, values: [5]).energyEntropyOfRows() == [0])
  }
}
