import Testing

@testable import Tensor

struct TapeRowLinearGradientTests {
  @Test(arguments: [(1, 1, 1), (5, 3, 7), (13, 17, 33), (27, 5, 40), (3, 65, 2)])
  func rowLinearWithBias(rows: Int, input: Int, output: Int) {
    GradientCheck(
      inputs: [
        .random(rows, input, seed: 1), .random(output, input, seed: 2), .random(1, output, seed: 3),
      ],
      operation: { $0.rowLinear($1[0], weight: $1[1], bias: $1[2]) },
      reference: { $0[0].times($0[1].transposed()).addingRow($0[2]) }
    ).verify()
  }

  @Test(arguments: [(2, 3, 5), (1, 40, 1)])
  func rowLinearWithoutBias(rows: Int, input: Int, output: Int) {
    GradientCheck(
      inputs: [.random(rows, input, seed: 4), .random(output, input, seed: 5)],
      operation: { $0.rowLinear($1[0], weight: $1[1]) },
      reference: { $0[0].times($0[1].transposed()) }
    ).verify()
  }

  /// Row tiles of 12, 8, 4, 2 and 1, blocks of 96, tiles of 192: a row never changes a bit.
  @Test(arguments: [(1, 1), (40, 70), (128, 257)])
  func rowsHaveTheSameBitsInEveryBatch(input: Int, output: Int) {
    let x = Matrix.random(700, input, seed: 6)
    let weight = Matrix.random(output, input, seed: 7)
    let bias = Matrix.random(1, output, seed: 8)
    let whole = x.rowProduct(weight: weight, bias: bias)
    for range in [0..<1, 5..<7, 190..<195, 90..<120, 699..<700, 1..<700] {
      let rows = Array(range)
      #expect(
        x.gatheringRows(rows).rowProduct(weight: weight, bias: bias)
          == whole.gatheringRows(rows))
    }
  }

  @Test func productsWithoutRowsOrInputs() {
    let bias = Matrix.random(1, 3, seed: 9)
    let none = Matrix(rows: 0, columns: 4).rowProduct(weight: .random(3, 4, seed: 10), bias: bias)
    #expect(none == Matrix(rows: 0, columns: 3))
    let shift = Matrix(rows: 1, columns: 0).rowProduct(
      weight: Matrix(rows: 3, columns: 0), bias: bias)
    #expect(shift == bias)
  }

  @Test(arguments: [(1, 1, 1), (4, 3, 5), (0, 2, 2)])
  func concatenatingColumns(rows: Int, first: Int, second: Int) {
    GradientCheck(
      inputs: [.random(rows, first, seed: 11), .random(rows, second, seed: 12)],
      operation: { $0.concatenatingColumns($1[0], $1[1]) },
      reference: { inputs in
        DoubleMatrix(rows: rows, columns: first + second) { row, column in
          column < first ? inputs[0][row, column] : inputs[1][row, column - first]
        }
      }
    ).verify()
  }
}
