extension Tape {
  /// y = x·Wᵀ + b.
  ///
  /// `x` [rows, input]; `weight` [output, input]; `bias` [1, output] → [rows, output].
  public func linear(_ x: Variable, weight: Variable, bias: Variable? = nil) -> Variable {
    let product = productTransposed(x, weight)
    return bias.map { addingRow(product, $0) } ?? product
  }

  /// a·bᵀ.
  ///
  /// `a` [m, k]; `b` [n, k] → [m, n].
  public func productTransposed(_ a: Variable, _ b: Variable) -> Variable {
    precondition(a.columns == b.columns, "[\(a.rows), \(a.columns)] · [\(b.rows), \(b.columns)]ᵀ")
    let aValue = value(of: a)
    let bValue = value(of: b)
    let (aNeeds, bNeeds) = (needsGradient(a), needsGradient(b))
    return record(Matrix.product(aValue, bValue, transposingB: true), inputs: a, b) {
      gradient, gradients in
      if aNeeds { gradients.add(Matrix.product(gradient, bValue), to: a) }
      if bNeeds { gradients.add(Matrix.product(gradient, aValue, transposingA: true), to: b) }
    }
  }

  /// Adds a row vector [1, columns] to every row of `x`.
  public func addingRow(_ x: Variable, _ row: Variable) -> Variable {
    var sum = value(of: x)
    sum.addToRows(value(of: row))
    return record(sum, inputs: x, row) { gradient, gradients in
      gradients.add(gradient.sumOfRows(), to: row)
      gradients.add(gradient, to: x)
    }
  }

  /// a + b, equal shapes.
  public func adding(_ a: Variable, _ b: Variable) -> Variable {
    var sum = value(of: a)
    sum.add(value(of: b))
    return record(sum, inputs: a, b) { gradient, gradients in
      gradients.add(gradient, to: a)
      gradients.add(gradient, to: b)
    }
  }

  /// xᵀ.
  public func transposed(_ x: Variable) -> Variable {
    record(value(of: x).transposed(), inputs: x) { gradient, gradients in
      gradients.add(gradient.transposed(), to: x)
    }
  }

  /// The weighted sum of table rows that each bag names: Y = bags·table.
  ///
  /// `bags` [N, entries] in CSR, `table` [entries, width] → [N, width]. A row of `bags` without
  /// entries gives zeros.
  public func embeddingBag(_ bags: SparseMatrix, table: Variable) -> Variable {
    record(bags.product(value(of: table)), inputs: table) { gradient, gradients in
      gradients.add(bags.transposed().product(gradient), to: table)
    }
  }
}
