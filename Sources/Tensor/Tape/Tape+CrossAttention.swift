extension Tape {
  /// Multi-head attention of every item's views over its own open slots.
  ///
  /// softmax(q·kᵀ/√w)·v for each head of width w (Vaswani et al. 2017, equation 1). `queries`
  /// [N·V, heads·w]; `keys` [N·K, heads·w]; `values` [N·K, heads·u]; `mask` [N·K], true where a slot
  /// is open → [N·V, heads·u]. A closed slot is never read and gets no gradient; an item without
  /// open slots gives zeros. A row has the same bits whatever the batch-mates and the number of
  /// closed slots are.
  package func crossAttention(
    queries: Variable, keys: Variable, values: Variable, mask: [Bool], shape: CrossAttentionShape
  ) -> Variable {
    let attention = CrossAttention(
      shape: shape, queries: value(of: queries), keys: value(of: keys), values: value(of: values),
      mask: mask)
    let (output, weights) = attention.forward()
    return record(output, inputs: queries, keys, values) { gradient, gradients in
      let result = attention.backward(gradient, weights: weights)
      gradients.add(result.queries, to: queries)
      gradients.add(result.keys, to: keys)
      gradients.add(result.values, to: values)
    }
  }

  /// Row r of `chosen` where `isChosen[r]`, else row r of `other`, bit for bit.
  ///
  /// Both [rows, columns]; a row that is left out passes no gradient.
  package func selectingRows(
    _ isChosen: [Bool], from chosen: Variable, otherwise other: Variable
  ) -> Variable {
    precondition(
      chosen.rows == other.rows && chosen.columns == other.columns && isChosen.count == other.rows,
      "[\(chosen.rows), \(chosen.columns)], [\(other.rows), \(other.columns)], \(isChosen.count)")
    let selected = value(of: other).replacingRows(isChosen, by: value(of: chosen))
    return record(selected, inputs: chosen, other) { gradient, gradients in
      let zeros = Matrix(rows: gradient.rows, columns: gradient.columns)
      gradients.add(zeros.replacingRows(isChosen, by: gradient), to: chosen)
      gradients.add(gradient.replacingRows(isChosen, by: zeros), to: other)
    }
  }
}

extension Matrix {
  /// The rows of `other` where `isReplaced`, else the rows here.
  fileprivate func replacingRows(_ isReplaced: [Bool], by other: Matrix) -> Matrix {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for row in 0..<rows { result += isReplaced[row] ? other.row(row) : self.row(row) }
    return Matrix(rows: rows, columns: columns, values: result)
  }
}
