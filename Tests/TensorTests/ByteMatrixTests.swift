import Foundation
import Tensor
import Testing

struct ByteMatrixTests {
  /// Rows of very different sizes, some beyond what 16-bit floats hold.
  private func sample(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var matrix = Matrix.random(rows, columns, seed: seed)
    for row in 0..<rows {
      let size = Float(exp2(Double(row % 40) - 20))
      for column in 0..<columns { matrix[row, column] *= size }
    }
    return matrix
  }

  @Test(arguments: [(1, 1), (3, 7), (41, 16), (200, 513)])
  func errorIsAtMostHalfAScale(rows: Int, columns: Int) {
    let matrix = sample(rows, columns, seed: 1)
    let bytes = ByteMatrix(rounding: matrix)
    let widened = bytes.widened()
    for row in 0..<rows {
      let largest = matrix.row(row).reduce(0) { max($0, abs($1)) }
      let scale = bytes.scales[row]
      #expect(scale.significand == 1 && scale >= 0x1p-24)
      #expect(127 * scale >= largest && (127 * scale / 2 < largest || scale == 0x1p-24))
      for (found, exact) in zip(widened.row(row), matrix.row(row)) {
        #expect(abs(found - exact) <= scale / 2)
      }
    }
  }

  @Test func roundingTwiceIsRoundingOnce() {
    var matrix = sample(80, 33, seed: 2)
    for column in 0..<33 { matrix[7, column] = 1e-20 }
    let bytes = ByteMatrix(rounding: matrix)
    #expect(ByteMatrix(rounding: bytes.widened()) == bytes)
  }

  @Test func valuesOfViewsAreSixteenBitFloatsAsWell() {
    let widened = ByteMatrix(rounding: sample(30, 33, seed: 3)).widened()
    #expect(HalfMatrix(rounding: widened).widened() == widened)
  }

  @Test func tiesGoToEvenAndTheLargestValueFits() {
    let matrix = Matrix(rows: 1, columns: 6, values: [127, -127, 0.5, 1.5, -2.5, -0.0])
    let bytes = ByteMatrix(rounding: matrix)
    #expect(bytes.scales == [1] && bytes.values == [127, -127, 0, 2, -2, 0])
    let above = ByteMatrix(rounding: Matrix(rows: 1, columns: 2, values: [127.01, 64]))
    #expect(above.scales == [2] && above.values == [64, 32])
  }

  @Test func emptyRowsZerosAndTinyValues() {
    #expect(ByteMatrix(rounding: Matrix(rows: 0, columns: 4)).widened().rows == 0)
    #expect(ByteMatrix(rounding: Matrix(rows: 3, columns: 0)).widened().rows == 3)
    let tiny = ByteMatrix(rounding: Matrix(rows: 2, columns: 2, values: [0, 0, 1e-30, 0x1p-24]))
    #expect(tiny.values == [0, 0, 0, 1] && tiny.scales == [0x1p-24, 0x1p-24])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity].map(\.bitPattern))
  func valueThatIsNotFiniteTraps(bits: UInt32) async {
    await #expect(processExitsWith: .failure) { [bits] in
      _ = ByteMatrix(
        rounding: Matrix(rows: 1, columns: 2, values: [1, Float(bitPattern: bits)]))
    }
  }
}
