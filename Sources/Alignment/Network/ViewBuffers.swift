import Tensor

/// Where the fitted views of one batch are put together; the storage stays from batch to batch.
struct ViewBuffers: Sendable {
  /// The views, side by side; [items, width].
  private(set) var views = Matrix(rows: 0, columns: 0)
  /// The weighted features of the items of one view.
  private var rows: [SparseRow] = []
  /// What is added to columns of the views.
  private var summand = Matrix(rows: 0, columns: 0)

  /// Starts a batch.
  mutating func begin(items: Int, width: Int) { views.reshape(rows: items, columns: width) }

  /// Writes one view of every item from a column on.
  mutating func write(
    _ projection: LatentProjection, at column: Int, _ item: (Int) -> FeatureCounts
  ) {
    projection.writeViews(of: views.rows, into: &views, column: column, rows: &rows, item)
  }

  /// Adds one view of every item to what the columns from one on hold.
  mutating func add(
    _ projection: LatentProjection, at column: Int, _ item: (Int) -> FeatureCounts
  ) {
    summand.reshape(rows: views.rows, columns: projection.width)
    projection.writeViews(of: views.rows, into: &summand, column: 0, rows: &rows, item)
    views.add(summand, atColumn: column)
  }
}
