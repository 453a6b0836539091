import Tensor
import Testing

struct HalfMatrixTests {
  @Test func everyBitPatternWidensAsFloat16Does() {
    let bits = Array(UInt16.min...UInt16.max)
    let widened = HalfMatrix(rows: 256, columns: 256, bits: bits).widened().values
    var wrong: [UInt16] = []
    for (pattern, value) in zip(bits, widened) {
      let expected = Float(Float16(bitPattern: pattern))
      if expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern {
        wrong.append(pattern)
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func everyFiniteValueRoundsToItself() {
    let bits = Array(UInt16.min...UInt16.max).filter { $0 & 0x7c00 != 0x7c00 }
    let matrix = HalfMatrix(rows: 1, columns: bits.count, bits: bits)
    #expect(HalfMatrix(rounding: matrix.widened()) == matrix)
  }

  @Test func roundingMatchesFloat16ForRandomBitPatterns() {
    var source = RandomSource(seed: 1)
    // Random exponents reach subnormals, overflow and both infinities; 70,000 fill two tiles.
    let values = (0..<70_000).map { _ in Float(bitPattern: UInt32(source.next() >> 32)) }
      .filter { !$0.isNaN }
    let near = (0..<70_000).map { _ in (source.uniform() - 0.5) * 4 }
    for sample in [values, near] {
      let rounded = HalfMatrix(
        rounding: Matrix(rows: 1, columns: sample.count, values: sample))
      #expect(rounded.bits == sample.map { Float16($0).bitPattern })
    }
  }

  @Test func roundingTiesGoToEvenAndLargeValuesToInfinity() {
    let values: [Float] = [
      1 + 0x1p-11, 1 + 0x3p-11, 65504, 65519.99, 65520, -65520, .infinity, -.infinity, 0x1p-24,
      0x1p-25, 0x1.8p-25, -0.0, 0x1.ffcp-15,
    ]
    let rounded = HalfMatrix(rounding: Matrix(rows: 1, columns: values.count, values: values))
    #expect(rounded.bits == values.map { Float16($0).bitPattern })
    let notANumber = HalfMatrix(rounding: Matrix(rows: 1, columns: 1, values: [.nan]))
    #expect(notANumber.widened().values[0].isNaN)
  }

  @Test(arguments: [1, 7, 127, 128, 129, 200, 256, 300])
  func weightedSumsMatchTheNaiveSum(width: Int) {
    let table = HalfMatrix(rounding: .random(11, width, seed: 2))
    let rows = [
      SparseRow(columns: [0, 10, 3, 3], values: [0.5, -2, 1, 1]),
      SparseRow(columns: [], values: []),
      SparseRow(columns: [7], values: [1]),
      SparseRow(columns: Array(0..<11), values: (0..<11).map { Float($0) - 5 }),
    ]
    let sums = table.weightedSums(rows)
    let expected = SparseMatrix(columns: 11, sparseRows: rows).dense
      .times(DoubleMatrix(table.widened()))
    #expect(expected.relativeError(of: sums) < 1e-6)
    #expect(sums.row(1).allSatisfy { $0 == 0 })
    #expect(Array(sums.row(2)) == Array(table.widened().row(7)))
    #expect(table.weightedSums(rows) == sums)
  }

  @Test func weightedSumsOfNoRowsAreEmpty() {
    let table = HalfMatrix(rounding: .random(2, 3, seed: 3))
    #expect(table.weightedSums([]) == Matrix(rows: 0, columns: 3))
  }

  @Test func appendedRowsFollow() {
    var table = HalfMatrix(rows: 1, columns: 2, bits: [1, 2])
    table.append(HalfMatrix(rows: 2, columns: 2, bits: [3, 4, 5, 6]))
    #expect(table == HalfMatrix(rows: 3, columns: 2, bits: [1, 2, 3, 4, 5, 6]))
  }

  @Test func weightedSumsOfARowOutsideTheTableTrap() async {
    await #expect(processExitsWith: .failure) {
      let table = HalfMatrix(rows: 1, columns: 1, bits: [0])
      _ = table.weightedSums([SparseRow(columns: [1], values: [1])])
    }
  }

  @Test func weightedSumsOfARowWithoutItsValuesTrap() async {
    await #expect(processExitsWith: .failure) {
      let table = HalfMatrix(rows: 1, columns: 1, bits: [0])
      var row = SparseRow(columns: [0], values: [1])
      row.values = []
      _ = table.weightedSums([row])
    }
  }
}
