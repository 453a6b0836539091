import Tensor
import Testing

struct KernelsSparseTests {
  @Test(arguments: [1, 2, 63, 64, 65, 128, 200])
  func productMatchesTheDenseOne(width: Int) {
    let matrix = SparseMatrix.random(41, 29, density: 0.3, seed: 1)
    let dense = Matrix.random(29, width, seed: 2)
    let product = matrix.product(dense)
    #expect(matrix.dense.times(DoubleMatrix(dense)).relativeError(of: product) < 1e-6)
    for row in stride(from: 2, to: 41, by: 3) {
      #expect(product.row(row).allSatisfy { $0 == 0 })
    }
    #expect(matrix.product(dense) == product)
  }

  @Test(arguments: [1, 64, 65])
  func productOfTheTransposedMatchesTheDenseOne(width: Int) {
    let matrix = SparseMatrix.random(41, 29, density: 0.3, seed: 3)
    let dense = Matrix.random(41, width, seed: 4)
    let expected = matrix.dense.transposed().times(DoubleMatrix(dense))
    #expect(expected.relativeError(of: matrix.transposed().product(dense)) < 1e-6)
  }

  @Test(arguments: [1, 64, 70])
  func matricesWithoutEntriesGiveZeros(width: Int) {
    let empty = SparseRow(columns: [], values: [])
    let noEntries = SparseMatrix(columns: 3, sparseRows: [empty, empty])
    #expect(
      noEntries.product(.random(3, width, seed: 5)) == Matrix(rows: 2, columns: width))
    let noRows = SparseMatrix(columns: 3, sparseRows: [])
    #expect(noRows.product(.random(3, width, seed: 5)) == Matrix(rows: 0, columns: width))
    let noColumns = SparseMatrix(columns: 0, sparseRows: [empty])
    #expect(
      noColumns.product(Matrix(rows: 0, columns: width)) == Matrix(rows: 1, columns: width))
  }

  @Test func productWithNoColumnsIsEmpty() {
    let matrix = SparseMatrix.random(4, 3, density: 0.5, seed: 6)
    #expect(matrix.product(Matrix(rows: 3, columns: 0)) == Matrix(rows: 4, columns: 0))
  }
}
