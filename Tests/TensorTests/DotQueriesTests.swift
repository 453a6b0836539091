import Tensor
import Testing

@Suite struct DotQueriesTests {
  @Test(arguments: [(1, 1, 1), (3, 10, 20), (8, 33, 16), (11, 7, 47)])
  func dotsWithARangeOfHalfRowsEqualDoublePrecision(queries: Int, rows: Int, width: Int) {
    var source = RandomSource(seed: UInt64(queries + rows + width))
    let left = source.normal(rows: queries, columns: width, standardDeviation: 1)
    let right = HalfMatrix(
      rounding: source.normal(rows: rows, columns: width, standardDeviation: 1))
    let widened = right.widened()
    for range in [0..<rows, rows / 2..<rows, 0..<0, rows - 1..<rows] {
      let scores = right.dots(DotQueries(left), rows: .range(range))
      #expect(scores.rows == queries && scores.columns == range.count)
      for query in 0..<queries {
        for (position, row) in range.enumerated() {
          let products = zip(left.row(query), widened.row(row)).map { Double($0.0) * Double($0.1) }
          let size = products.reduce(0) { $0 + abs($1) }
          let error = abs(Double(scores[query, position]) - products.reduce(0, +))
          #expect(error <= 1e-6 * size, "query \(query), row \(row)")
        }
      }
    }
  }

  @Test(arguments: [(1, 1, 1), (9, 10, 20), (8, 33, 16), (3, 50, 47)])
  func listedRowsHaveTheBitsOfARangeAtEveryPrecision(queries: Int, rows: Int, width: Int) {
    var source = RandomSource(seed: UInt64(queries + 3 * rows + width))
    let left = DotQueries(source.normal(rows: queries, columns: width, standardDeviation: 1))
    let single = source.normal(rows: rows, columns: width, standardDeviation: 1)
    let half = HalfMatrix(rounding: single)
    let byte = ByteMatrix(rounding: single)
    let list = source.permutation(rows).map { Int32($0) } + [0, 0]
    for (whole, some) in [
      (single.dots(left, rows: .range(0..<rows)), single.dots(left, rows: .list(list))),
      (half.dots(left, rows: .range(0..<rows)), half.dots(left, rows: .list(list))),
      (byte.dots(left, rows: .range(0..<rows)), byte.dots(left, rows: .list(list))),
    ] {
      for query in 0..<queries {
        #expect(some.row(query).elementsEqual(list.map { whole[query, Int($0)] }))
      }
    }
    let plain = byte.widened()
    let expected = plain.dots(left, rows: .range(0..<rows))
    let found = byte.dots(left, rows: .range(0..<rows))
    #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= 1e-4 })
  }
}
