import Tensor
import Testing

struct BitMatrixTests {
  @Test(arguments: [1, 2, 7, 8, 32])
  func overlapsEqualTheNaiveCount(_ words: Int) {
    var random = RandomSource(seed: 11)
    var matrix = BitMatrix(wordsPerRow: words)
    matrix.reserve(rows: 50)
    for _ in 0..<50 { matrix.append((0..<words).map { _ in random.next() & random.next() }) }
    let query = (0..<words).map { _ in random.next() }
    let expected = (0..<50).map { row in
      (0..<words).reduce(UInt32(0)) {
        $0 + UInt32((matrix.words[row * words + $1] & query[$1]).nonzeroBitCount)
      }
    }
    #expect(matrix.overlaps(with: query, rows: 0..<50) == expected)
    #expect(matrix.overlaps(with: query, rows: 13..<17) == Array(expected[13..<17]))
    #expect(matrix.overlaps(with: query, rows: 50..<50).isEmpty)
  }

  @Test func aMatrixWithoutRowsHasNoOverlaps() {
    #expect(BitMatrix(wordsPerRow: 3).overlaps(with: [1, 2, 3], rows: 0..<0).isEmpty)
  }
}
