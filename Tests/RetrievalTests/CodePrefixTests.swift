import Foundation
import Retrieval
import Tensor
import Testing

/// What a scan asks of the first signs of a code before it reads the others.
@Suite struct CodePrefixTests {
  static let widths = [1, 64, 65, 200, 512, 769]

  /// Signs that are scanned of every row: six to a group, groups by eights, about a quarter.
  private static func prefix(_ padded: Int) -> Int {
    let groups = (padded + 5) / 6
    return min(padded, 6 * 8 * ((groups + 31) / 32))
  }

  private struct Case {
    let vectors: Matrix
    let asked: Matrix
    let rotated: Matrix
    let queries: Matrix
    let codes: RowCodes
    let tables: CodeQueries

    init(_ vectors: Matrix, _ asked: Matrix, seed: UInt64) {
      self.vectors = vectors
      self.asked = asked
      let rotation = OrthogonalRotation(dimension: vectors.columns, seed: seed)
      rotated = rotation(vectors)
      queries = rotation(asked)
      var codes = RowCodes(rows: vectors.rows, padded: rotation.padded, bits: .one)
      codes.encode(rotated, from: 0)
      self.codes = codes
      tables = CodeQueries(queries, bits: .one)
    }

    func reached(_ query: Int, _ bound: CodeBound) -> [Bool] {
      let words = codes.sums(of: query, in: tables, bound: bound, isPortable: false).reached
      return (0..<vectors.rows).map { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
    }

    func product(_ row: Int, _ query: Int) -> Double {
      zip(vectors.row(row), asked.row(query)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    func length(_ query: Int) -> Double {
      asked.row(query).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
  }

  private func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    return source.normal(rows: rows, columns: columns, standardDeviation: 1)
  }

  @Test(arguments: widths)
  func theTestIsThatOfTheFormula(columns: Int) {
    let given = Case(
      normal(300, columns, seed: 3), normal(4, columns, seed: 4), seed: UInt64(columns))
    let padded = given.rotated.columns
    let signs = Self.prefix(padded)
    for query in 0..<4 {
      let asked = given.queries.row(query).map { Double($0) }
      let widest =
        stride(from: 0, to: padded, by: 6).map { start in
          asked[start..<min(start + 6, padded)].reduce(0) { $0 + abs($1) }
        }.max() ?? 0
      let step = 2 * widest / 31
      // Every entry is off by half a step at most, and the level asked for by two.
      let slack = (Double(signs / 6 + 1) / 2 + 2) * step
      let length = given.length(query)
      let deviation = (Double(signs) / Double(padded - 1)).squareRoot()
      for (margin, threshold): (Double, Double) in [(0, 0.2), (1, 0.5), (2, 1.5)] {
        let bound = CodeBound(margin: Float(margin * length), threshold: Float(threshold * length))
        let reached = given.reached(query, bound)
        for row in 0..<300 {
          let x = given.rotated.row(row).map { Double($0) }
          var (sum, sizes, squares) = (0.0, 0.0, 0.0)
          for (place, value) in x.enumerated() {
            squares += value * value
            if place >= signs { continue }
            sizes += abs(value)
            sum += value >= 0 ? asked[place] : -asked[place]
          }
          let level = (sizes / squares * threshold - margin * deviation) * length
          if sum >= level + slack { #expect(reached[row], "row \(row): \(sum), \(level)") }
          // A row far shorter than the others may be asked for less.
          let isShort = squares < 0.05 * Double(columns)
          if sum < level - slack && !isShort {
            #expect(!reached[row], "row \(row): \(sum), \(level)")
          }
        }
      }
    }
  }

  @Test(arguments: [(0.7, 0.25), (1.3, 0.1), (1.9, 0.03), (2.4, 0.009)])
  func noMoreAreMissedThanTheMarginAdmits(confidence: Double, share: Double) {
    var members = 0
    var missed = 0
    for seed in 0..<10 {
      let given = Case(
        normal(512, 320, seed: UInt64(2 * seed)), normal(5, 320, seed: UInt64(2 * seed + 1)),
        seed: UInt64(seed))
      for query in 0..<5 {
        let length = given.length(query)
        let threshold = 0.4 * length
        let reached = given.reached(
          query, CodeBound(margin: Float(confidence * length), threshold: Float(threshold)))
        for row in 0..<512 where given.product(row, query) >= threshold {
          members += 1
          missed += reached[row] ? 0 : 1
        }
      }
    }
    #expect(members > 5_000)
    #expect(Double(missed) <= share * Double(members))
  }

  @Test func mostRowsFarBelowAreRefused() {
    let given = Case(normal(2_048, 512, seed: 1), normal(3, 512, seed: 2), seed: 5)
    for query in 0..<3 {
      let length = Float(given.length(query))
      // Rows are 22.6 long, so this is a cosine of 0.8.
      let reached = given.reached(query, CodeBound(margin: 1.6 * length, threshold: 18 * length))
      #expect(reached.count { $0 } < 20)
    }
  }

  @Test func longAndShortRowsShareATile() {
    var source = RandomSource(seed: 8)
    let vectors = normal(512, 96, seed: 9)
    let scales = (0..<512).map { _ in exp(14 * source.uniform() - 7) }
    let scaled = Matrix(
      rows: 512, columns: 96,
      values: (0..<512).flatMap { row in vectors.row(row).map { $0 * scales[row] } })
    let given = Case(scaled, normal(3, 96, seed: 10), seed: 11)
    for query in 0..<3 {
      let length = given.length(query)
      for threshold in [0.001, 0.5, 100.0] {
        let reached = given.reached(
          query, CodeBound(margin: Float(5 * length), threshold: Float(threshold * length)))
        for row in 0..<512 where given.product(row, query) >= threshold * length {
          #expect(reached[row])
        }
      }
    }
  }

  @Test func rowsOfZerosAndRoomAfterTheLastAreNeverKeptAboveZero() {
    var values = normal(70, 64, seed: 2).values
    for place in 0..<64 { values[3 * 64 + place] = 0 }
    let given = Case(
      Matrix(rows: 70, columns: 64, values: values), normal(1, 64, seed: 3), seed: 1)
    func kept(_ threshold: Float) -> [Int32] {
      given.codes.survivors(
        in: 0..<1, of: given.tables, bounds: [CodeBound(margin: 1e6, threshold: threshold)],
        allowed: nil)[0].rows
    }
    #expect(kept(-.infinity) == Array(0..<70))
    #expect(kept(0) == Array(0..<70))
    #expect(kept(0.5) == Array(0..<70).filter { $0 != 3 })
    #expect(kept(.infinity) == [])
  }
}
