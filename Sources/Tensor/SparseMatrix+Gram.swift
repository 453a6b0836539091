extension SparseMatrix {
  /// The inner products of all rows: A·Aᵀ; [rows, rows].
  ///
  /// O(rows · entries), in blocks of rows: beyond the result one block [columns, 256] is in memory.
  public func gram() -> Matrix {
    var result = Matrix(rows: rows, columns: rows)
    let block = 256
    for start in stride(from: 0, to: rows, by: block) {
      let end = min(start + block, rows)
      var dense = Matrix(rows: columns, columns: end - start)
      for row in start..<end {
        for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
          dense[Int(columnIndices[entry]), row - start] = values[entry]
        }
      }
      let part = product(dense)
      for row in 0..<rows {
        result.values.replaceSubrange(
          row * rows + start..<row * rows + end, with: part.row(row))
      }
    }
    return result
  }

  /// The named rows, in order.
  public func gatheringRows(_ indices: [Int]) -> SparseMatrix {
    SparseMatrix(
      columns: columns,
      sparseRows: indices.map { row in
        let range = Int(offsets[row])..<Int(offsets[row + 1])
        return SparseRow(columns: Array(columnIndices[range]), values: Array(values[range]))
      })
  }
}
