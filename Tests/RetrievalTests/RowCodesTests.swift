import Retrieval
import Tensor
import Testing

@Suite struct RowCodesTests {
  static let widths = [1, 63, 64, 65, 200, 512, 769]

  private struct Case {
    let rotated: Matrix
    let queries: Matrix
    let codes: RowCodes
    let tables: CodeQueries
    /// ⟨row, query⟩ before the rotation, in Double.
    let products: [[Double]]

    init(rows: Int, columns: Int, seed: UInt64, bits: CodeBits = .one) {
      var source = RandomSource(seed: seed)
      let vectors = source.normal(rows: rows, columns: columns, standardDeviation: 1)
      let asked = source.normal(rows: 3, columns: columns, standardDeviation: 1)
      let rotation = OrthogonalRotation(dimension: columns, seed: seed)
      rotated = rotation(vectors)
      queries = rotation(asked)
      var codes = RowCodes(rows: rows, padded: rotation.padded, bits: bits)
      codes.encode(rotated, from: 0)
      self.codes = codes
      tables = CodeQueries(queries, bits: bits)
      products = (0..<rows).map { row in
        (0..<3).map { query in
          zip(vectors.row(row), asked.row(query)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
      }
    }

    /// All estimates of a query.
    func estimates(_ query: Int) -> [Float] {
      let all = CodeBound(margin: 0, threshold: -.infinity)
      let found = codes.survivors(
        in: 0..<codes.tiles, of: tables, bounds: [all, all, all], allowed: nil)
      return found[query].estimates
    }
  }

  @Test(arguments: widths)
  func rotationKeepsInnerProducts(columns: Int) {
    let given = Case(rows: 20, columns: columns, seed: 3)
    for row in 0..<20 {
      for query in 0..<3 {
        let product = zip(given.rotated.row(row), given.queries.row(query))
          .reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(product - given.products[row][query]) < 1e-4 * Double(columns + 10))
      }
    }
  }

  @Test func rotationIsAFunctionOfSeedAndDimension() {
    var source = RandomSource(seed: 1)
    let rows = source.normal(rows: 4, columns: 100, standardDeviation: 1)
    #expect(
      OrthogonalRotation(dimension: 100, seed: 5)(rows)
        == OrthogonalRotation(dimension: 100, seed: 5)(rows))
    #expect(
      OrthogonalRotation(dimension: 100, seed: 5)(rows)
        != OrthogonalRotation(dimension: 100, seed: 6)(rows))
  }

  @Test(arguments: widths, CodeBits.allCases)
  func bothPathsGiveTheSameIntegers(columns: Int, bits: CodeBits) {
    let given = Case(rows: 300, columns: columns, seed: UInt64(columns), bits: bits)
    let thresholds: [Float] = [-.infinity, 0, 0.01, 3, 20, 1e9, .infinity]
    for query in 0..<3 {
      for threshold in thresholds {
        let bound = CodeBound(margin: 2, threshold: threshold)
        let fast = given.codes.sums(of: query, in: given.tables, bound: bound, isPortable: false)
        let plain = given.codes.sums(of: query, in: given.tables, bound: bound, isPortable: true)
        #expect(fast.sums == plain.sums)
        #expect(fast.reached == plain.reached)
      }
    }
  }

  @Test(arguments: widths)
  func estimatesAreThoseOfSigns(columns: Int) {
    let given = Case(rows: 300, columns: columns, seed: 7)
    let groups = (given.rotated.columns + 5) / 6
    for query in 0..<3 {
      let asked = Array(given.queries.row(query))
      let widest =
        stride(from: 0, to: asked.count, by: 6).map { start in
          asked[start..<min(start + 6, asked.count)].reduce(0) { $0 + abs($1) }
        }.max() ?? 0
      let step = 2 * widest / 31
      var squaredErrors: Float = 0
      for (row, estimate) in given.estimates(query).enumerated() {
        let values = given.rotated.row(row)
        let plain = zip(values, asked).reduce(Float(0)) { $0 + ($1.0 >= 0 ? $1.1 : -$1.1) }
        let squares = values.reduce(0) { $0 + $1 * $1 }
        let sizes = values.reduce(0) { $0 + abs($1) }
        let error = estimate / (squares / sizes) - plain
        // An entry is off by half a step at most.
        #expect(abs(error) <= Float(groups) * step * 0.501)
        squaredErrors += error * error
      }
      #expect((squaredErrors / 300).squareRoot() <= 0.4 * step * Float(groups).squareRoot())
    }
  }

  @Test(arguments: CodeBits.allCases)
  func estimatesAreUnbiasedAndWithinTheirBound(bits: CodeBits) {
    var deviations: [Double] = []
    for seed in 0..<20 {
      let given = Case(rows: 128, columns: 320, seed: UInt64(100 + seed), bits: bits)
      for query in 0..<3 {
        let length = given.queries.row(query).reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (row, estimate) in given.estimates(query).enumerated() {
          let bound = Double(given.codes.error(ofRow: row) * length)
          deviations.append((Double(estimate) - given.products[row][query]) / bound)
        }
      }
    }
    let count = Double(deviations.count)
    let mean = deviations.reduce(0, +) / count
    let variance = deviations.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(mean) < 0.04)
    #expect(variance < 1.1 && variance > 0.6)
    #expect(Double(deviations.count { abs($0) > 1.9 }) / count < 0.08)
    #expect(Double(deviations.count { abs($0) > 4 }) / count < 0.001)
  }

  @Test func aScanKeepsTheRowsThatReachTheThreshold() {
    let given = Case(rows: 1_500, columns: 100, seed: 12)
    let bounds = (0..<3).map { CodeBound(margin: 4, threshold: Float($0) * 10) }
    var allowed = RowSet(count: 24 * 64) { $0 % 3 != 0 }
    allowed.remove(1)
    let found = given.codes.survivors(
      in: 0..<given.codes.tiles, of: given.tables, bounds: bounds, allowed: allowed.words)
    for query in 0..<3 {
      let reached = given.codes.sums(
        of: query, in: given.tables, bound: bounds[query], isPortable: true
      ).reached
      let expected = given.estimates(query).enumerated().filter { row, estimate in
        allowed.contains(row) && reached[row / 64] >> UInt64(row % 64) & 1 == 1
          && estimate + 4 * given.codes.error(ofRow: row) >= bounds[query].threshold
      }
      #expect(found[query].rows == expected.map { Int32($0.offset) })
      #expect(found[query].estimates == expected.map(\.element))
    }
  }

  @Test(arguments: widths)
  func storedCodesAreTheSignsOfTheRotation(columns: Int) {
    var source = RandomSource(seed: 21)
    let vectors = HalfMatrix(
      rounding: source.normal(rows: 9, columns: columns, standardDeviation: 1))
    let codes = BinaryCodes.codes(of: vectors)
    let size = BinaryCodes.bytes(dimension: columns)
    #expect(codes.count == 9 * size)
    let rotated = OrthogonalRotation(dimension: columns, seed: BinaryCodes.seed)(
      vectors.widened())
    for row in 0..<9 {
      for (place, value) in rotated.row(row).enumerated() {
        #expect((codes[row * size + place / 8] >> UInt8(place % 8) & 1 == 1) == (value >= 0))
      }
    }
  }

  @Test func storedCodesNeverChange() {
    let vectors = HalfMatrix(
      rounding: Matrix(rows: 1, columns: 70, values: (0..<70).map { Float($0 * 37 % 41 - 20) }))
    #expect(BinaryCodes.version == 1)
    #expect(
      BinaryCodes.codes(of: vectors) == [
        152, 146, 167, 172, 165, 68, 46, 42, 198, 147, 129, 130, 33, 96, 152, 46,
      ])
  }
}
