import Tensor

/// Views that say where an item would lie in the space of the other modality.
///
/// Ridge regression is linear in the sparse features, so that such a view is one more table: a row
/// for each feature. It is of full rank where latent semantic analysis keeps some components, and
/// it knows the pairs.
struct RidgeViews: Sendable {
  let texts: LatentProjection
  /// The two summands of the view of molecules, by substructures and by words.
  let substructures: LatentProjection
  let words: LatentProjection

  /// The views of texts; [items.count, text components].
  func views(of items: [TextFeatures]) -> Matrix { texts.views(of: items.map(\.lexical)) }

  /// The views of molecules; [items.count, molecule components].
  func views(of items: [MoleculeFeatures]) -> Matrix {
    var buffers = ViewBuffers()
    buffers.begin(items: items.count, width: substructures.width)
    write(items, into: &buffers, at: 0)
    return buffers.views
  }

  /// Writes the views of molecules from a column on.
  func write(_ items: [MoleculeFeatures], into buffers: inout ViewBuffers, at column: Int) {
    buffers.write(substructures, at: column) { items[$0].substructures }
    buffers.add(words, at: column) { items[$0].words }
  }
}

/// Views of the training pairs as they would be had the pair not been there.
///
/// A view that has seen a pair says more of it than it will ever say of a new one; a network
/// trained on such views trusts them too much.
struct HeldOutViews: Sendable {
  /// Rows of views, each under the content key of its item.
  struct Side: Sendable {
    let keys: [UInt64]
    let views: HalfMatrix
    private let rows: [UInt64: Int]

    init(keys: [UInt64], views: HalfMatrix) {
      precondition(keys.count == views.rows, "\(keys.count) keys, \(views.rows) views")
      self.keys = keys
      self.views = views
      var rows: [UInt64: Int] = [:]
      for (row, key) in keys.enumerated() where rows[key] == nil { rows[key] = row }
      self.rows = rows
    }

    /// `inputs` [N, width] with the last columns of known items replaced.
    func replacing(in inputs: Matrix, keys: [UInt64]) -> Matrix {
      var values = inputs.values
      let widened = views.widened()
      let offset = inputs.columns - views.columns
      for (row, key) in keys.enumerated() {
        guard let source = rows[key] else { continue }
        values.replaceSubrange(
          row * inputs.columns + offset..<(row + 1) * inputs.columns, with: widened.row(source))
      }
      return Matrix(rows: inputs.rows, columns: inputs.columns, values: values)
    }
  }

  let texts: Side
  let molecules: Side
}
