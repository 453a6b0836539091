import Tensor

/// One feature of an item as a token: where it points in the space of the other modality.
struct FeatureToken: Sendable, Equatable {
  /// Which of the tables.
  let table: Int32
  /// Its row there.
  let row: Int32
  /// Its weight in the item.
  let weight: Float
}

/// Chooses the features of items that become tokens.
struct TokenSource: Sendable {
  /// Tables of equal width, a row for each feature.
  let tables: [LatentProjection]
  /// The share of each table in the regression that made them; 1 in all.
  private let shares: [Float]
  /// The length of each table's rows.
  private let lengths: [[Float]]
  private let limit: Int

  /// At most `limit` tokens an item.
  init(tables: [LatentProjection], shares: [Float], limit: Int) {
    self.tables = tables
    self.shares = shares
    self.limit = limit
    lengths = tables.map { $0.table.rowLengths() }
  }

  /// The width of a table row.
  var width: Int { tables[0].width }

  /// The kind of a row that holds a whole view; below it are the tables.
  var viewKind: Int { tables.count }

  /// The features that move the item's view most, the strongest first; `counts` has one entry for
  /// each table.
  func tokens(of counts: [FeatureCounts]) -> [FeatureToken] {
    var found: [(token: FeatureToken, strength: Float)] = []
    for (number, (table, counts)) in zip(tables, counts).enumerated() {
      let row = table.vocabulary.row(for: counts)
      for (column, weight) in zip(row.columns, row.values) {
        found.append(
          (
            FeatureToken(table: Int32(number), row: column, weight: weight),
            weight * lengths[number][Int(column)]
          ))
      }
    }
    found.sort { one, other in
      (other.strength, one.token.table, one.token.row)
        < (one.strength, other.token.table, other.token.row)
    }
    return found.prefix(limit).map(\.token)
  }

  /// What an item's own pair has added to its view, [rows, width], and the row of each item.
  struct OwnShare: Sendable {
    let rows: HalfMatrix
    let ofItem: [Int?]
  }

  /// The tokens of N items and a row with each one's view behind them.
  ///
  /// `views` [N, width]. With `own`, a token of weight w gives back the share w² of what the
  /// item's own pair has added, so that the tokens of all features together would be the held-out
  /// view. `extra` rows of zeros follow each view.
  func matrix(
    _ items: [[FeatureToken]], views: Matrix, own: OwnShare?, extra: Int = 0
  ) -> TokenMatrix {
    precondition(views.rows == items.count, "\(views.rows) views of \(items.count) items")
    let segments = Segments(lengths: items.map { $0.count + 1 + extra })
    let none = SparseRow(columns: [], values: [])
    var kinds: [Int] = []
    kinds.reserveCapacity(segments.rowCount)
    var viewRows: [Int] = []
    for item in items {
      for token in item { kinds.append(Int(token.table)) }
      viewRows.append(kinds.count)
      for kind in viewKind...viewKind + extra { kinds.append(kind) }
    }
    func sum(
      _ table: HalfMatrix, _ row: (_ item: Int, _ token: FeatureToken) -> SparseRow?
    ) -> Matrix {
      var rows: [SparseRow] = []
      rows.reserveCapacity(kinds.count)
      for (number, item) in items.enumerated() {
        for token in item { rows.append(row(number, token) ?? none) }
        for _ in 0...extra { rows.append(none) }
      }
      return table.weightedSums(rows)
    }
    var values = sum(tables[0].table) { _, token in
      token.table == 0 ? SparseRow(columns: [token.row], values: [token.weight]) : nil
    }
    for number in tables.indices.dropFirst() {
      values.add(
        sum(tables[number].table) { _, token in
          token.table == number ? SparseRow(columns: [token.row], values: [token.weight]) : nil
        })
    }
    if let own {
      values.add(
        sum(own.rows) { item, token in
          own.ofItem[item].map { row in
            SparseRow(
              columns: [Int32(row)],
              values: [-shares[Int(token.table)] * token.weight * token.weight])
          }
        })
    }
    values.addRows(views, at: viewRows)
    return TokenMatrix(values: values, segments: segments, kinds: kinds, viewRows: viewRows)
  }
}

/// The tokens of some items, one segment each.
struct TokenMatrix {
  /// [tokens, width].
  let values: Matrix
  let segments: Segments
  /// What each token is.
  let kinds: [Int]
  /// Where each item's view is.
  let viewRows: [Int]
}

extension HalfMatrix {
  /// The Euclidean length of every row.
  fileprivate func rowLengths() -> [Float] {
    var lengths: [Float] = []
    lengths.reserveCapacity(rows)
    for start in stride(from: 0, to: rows, by: 8192) {
      let end = Swift.min(start + 8192, rows)
      let block = HalfMatrix(
        rows: end - start, columns: columns, bits: Array(bits[start * columns..<end * columns]))
      lengths += block.widened().normalizedRows().norms.values
    }
    return lengths
  }

  /// The named rows as 32-bit floats, in order; [rows.count, columns].
  func widenedRows(_ rows: [Int]) -> Matrix {
    weightedSums(rows.map { SparseRow(columns: [Int32($0)], values: [1]) })
  }
}
