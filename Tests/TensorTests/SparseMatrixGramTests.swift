import Tensor
import Testing

@Suite struct SparseMatrixGramTests {
  @Test func gramIsEveryInnerProduct() {
    var random = RandomSource(seed: 2)
    // More rows than a block.
    let rows = (0..<300).map { row in
      let columns = Array(Set((0..<4).map { _ in Int32(random.uniform() * 50) })).sorted()
      return SparseRow(columns: columns, values: columns.map { Float($0) * 0.1 + Float(row % 3) })
    }
    let matrix = SparseMatrix(columns: 50, sparseRows: rows)
    let gram = matrix.gram()
    for i in stride(from: 0, to: 300, by: 7) {
      for j in stride(from: 0, to: 300, by: 11) {
        let other = Dictionary(uniqueKeysWithValues: zip(rows[j].columns, rows[j].values))
        let expected = zip(rows[i].columns, rows[i].values).reduce(Float(0)) {
          $0 + $1.1 * (other[$1.0] ?? 0)
        }
        #expect(abs(gram[i, j] - expected) < 1e-3 * max(1, abs(expected)))
      }
    }
  }

  @Test func rowsAreGatheredInOrder() {
    let matrix = SparseMatrix(
      columns: 3,
      sparseRows: [
        SparseRow(columns: [0, 2], values: [1, 2]), SparseRow(columns: [], values: []),
        SparseRow(columns: [1], values: [3]),
      ])
    let expected = SparseMatrix(
      columns: 3,
      sparseRows: [
        SparseRow(columns: [1], values: [3]), SparseRow(columns: [0, 2], values: [1, 2]),
        SparseRow(columns: [1], values: [3]),
      ])
    #expect(matrix.gatheringRows([2, 0, 2]) == expected)
  }
}
