public import Tensor

/// Vectors with codes of 1, 4 or 8 bits a value: codes are scanned, and vectors of the rows that may be
/// among the best are scored.
///
/// A row's code is of the rotated difference from the mean row. An estimate of the inner
/// product comes with its standard deviation, so each query decides by itself how many rows must be
/// scored. Source: Gao & Long, "RaBitQ", SIGMOD 2024.
public struct CodedIndex: VectorIndex {
  /// The item of each row; no two alike.
  public let ids: [Int64]
  /// What scores are computed from; [M, d].
  public let vectors: StoredVectors
  /// How it was built.
  public let configuration: CodedConfiguration
  /// What was measured when it was built.
  public internal(set) var recall: IndexRecall?

  let rotation: OrthogonalRotation
  /// The mean row; [1, d].
  let center: Matrix
  /// The length of the longest row after the mean is taken from it.
  let greatestLength: Float
  let codes: RowCodes

  /// Always ``IndexKind/coded``.
  public var kind: IndexKind { .coded }
  /// Bytes of vectors, codes and ids.
  public var memoryBytes: Int { vectors.memoryBytes + codeBytes + 8 * ids.count }
  /// Bytes of codes and their factors alone: what a scan reads.
  public var codeBytes: Int { codes.memoryBytes }

  /// Encodes the rows of an exact index and measures recall with `queries`, or else with a sample of
  /// the rows.
  ///
  /// O(M · d log d), and an exact search for every query.
  public init(
    _ exact: ExactIndex, configuration: CodedConfiguration = CodedConfiguration(),
    queries: Matrix? = nil
  ) {
    ids = exact.ids
    vectors = exact.vectors
    self.configuration = configuration
    let rotation = OrthogonalRotation(
      dimension: max(1, exact.dimension), seed: configuration.seed)
    let center = Self.mean(of: vectors)
    var codes = RowCodes(
      rows: ids.count, padded: rotation.padded, bits: configuration.bits)
    var greatest: Float = 0
    Self.forEachBlock(of: vectors) { start, rows in
      var rows = rows
      var negative = center
      negative.scale(by: -1)
      rows.addToRows(negative)
      let rotated = rotation(rows)
      greatest = max(greatest, rotated.normalizedRows().norms.values.max() ?? 0)
      codes.encode(rotated, from: start)
    }
    self.rotation = rotation
    self.center = center
    self.codes = codes
    greatestLength = greatest
    recall = nil
    recall = IndexRecall(
      of: self, vectors: vectors, sample: configuration.recallSample, queries: queries)
  }

  /// Takes parts that were read from a file.
  init(
    exact: ExactIndex, configuration: CodedConfiguration, recall: IndexRecall?, center: Matrix,
    greatestLength: Float, codes: RowCodes
  ) {
    ids = exact.ids
    vectors = exact.vectors
    self.configuration = configuration
    self.recall = recall
    rotation = OrthogonalRotation(dimension: max(1, exact.dimension), seed: configuration.seed)
    self.center = center
    self.greatestLength = greatestLength
    self.codes = codes
  }

  /// Encodes other rows in the same way.
  public func rebuilt(with rows: ExactIndex) -> CodedIndex {
    CodedIndex(rows, configuration: configuration)
  }

  /// The same vectors, searched one and all.
  var exact: ExactIndex { ExactIndex(checkedIDs: ids, vectors: vectors) }

  private static func mean(of vectors: StoredVectors) -> Matrix {
    var sums = Matrix(rows: 1, columns: vectors.columns)
    forEachBlock(of: vectors) { _, rows in
      var part = rows.sumOfRows()
      part.scale(by: 1 / Float(vectors.rows))
      sums.addToRows(part)
    }
    return sums
  }

  /// Calls `body` with blocks of rows as 32-bit floats and the number of their first row.
  private static func forEachBlock(of vectors: StoredVectors, _ body: (Int, Matrix) -> Void) {
    for start in stride(from: 0, to: vectors.rows, by: 16_384) {
      body(start, vectors.widened(rows: start..<min(start + 16_384, vectors.rows)))
    }
  }
}
