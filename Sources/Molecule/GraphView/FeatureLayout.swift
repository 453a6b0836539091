import Tensor

/// Categorical features side by side: each has a block of slots, of which exactly one is set.
///
/// Feature f has the slots `starts[f]..<starts[f] + sizes[f]`; the last slot of every block is the
/// unknown one, for values the block does not list. A choice of slots is also one number, the
/// *code*: Σ slot · Π sizes of the features before. Slots are stored in checkpoints as rows of
/// embedding tables: a change of a layout is a change of checkpoint format.
package struct FeatureLayout: Sendable, Equatable {
  /// Slots of each feature, the unknown slot included.
  package let sizes: [Int]
  /// The first column of each feature.
  package let starts: [Int]
  /// Columns of all features.
  package let width: Int

  init(sizes: [Int]) {
    self.sizes = sizes
    var starts: [Int] = []
    var width = 0
    for size in sizes {
      starts.append(width)
      width += size
    }
    self.starts = starts
    self.width = width
  }

  /// Collects the slots of one atom or bond into its code.
  struct Code {
    private(set) var value: UInt64 = 0
    private var factor: UInt64 = 1
    private var feature = 0
    private let layout: FeatureLayout

    init(_ layout: FeatureLayout) { self.layout = layout }

    /// The next feature; a slot outside `0..<size − 1` means unknown.
    mutating func append(_ slot: Int) {
      let size = layout.sizes[feature]
      let known = slot >= 0 && slot < size - 1
      value += UInt64(known ? slot : size - 1) * factor
      factor *= UInt64(size)
      feature += 1
    }

    /// The next feature, yes or no.
    mutating func append(_ flag: Bool) { append(flag ? 1 : 0) }
  }

  /// The code with the unknown slot of every feature.
  var unknown: UInt64 {
    var code = Code(self)
    for _ in sizes { code.append(-1) }
    return code.value
  }

  /// The columns that a code sets, one for each feature, ascending.
  func columns(of code: UInt64) -> [Int32] {
    var rest = code
    return zip(starts, sizes).map { start, size in
      defer { rest /= UInt64(size) }
      return Int32(start + Int(rest % UInt64(size)))
    }
  }

  /// One row for each code, with ones at its columns; [codes.count, width].
  func matrix(of codes: [UInt64]) -> SparseMatrix {
    SparseMatrix(
      columns: width,
      sparseRows: codes.map { code in
        let columns = columns(of: code)
        return SparseRow(columns: columns, values: [Float](repeating: 1, count: columns.count))
      })
  }
}
