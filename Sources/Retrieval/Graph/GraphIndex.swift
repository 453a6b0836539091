public import Tensor

/// Vectors with a graph of near neighbours that a search walks: hnswlib's HNSW.
///
/// Fast in memory for single queries; its build takes long and its answers carry no bound. Scores
/// are those of the stored vectors.
public struct GraphIndex: VectorIndex {
  /// The item of each row; no two alike.
  public let ids: [Int64]
  /// What scores are computed from; [M, d], 16-bit.
  public let vectors: StoredVectors
  /// How it was built.
  public let configuration: GraphConfiguration
  /// What was measured when it was built.
  public internal(set) var recall: IndexRecall?

  /// Nil when there are no rows, or no values, to link.
  let graph: NeighborGraph?

  /// Always ``IndexKind/graph``.
  public var kind: IndexKind { .graph }
  /// Bytes of vectors, links and ids.
  public var memoryBytes: Int {
    vectors.memoryBytes + (graph?.memoryBytes ?? 0) + 8 * ids.count
  }

  /// Links the rows of an exact index, whose vectors are 16-bit, and measures recall with `queries`,
  /// or else with a sample of the rows.
  ///
  /// Without memory for the graph every search is exact.
  public init(
    _ exact: ExactIndex, configuration: GraphConfiguration = GraphConfiguration(),
    queries: Matrix? = nil
  ) {
    var graph: NeighborGraph?
    let halves = Self.halves(of: exact)
    if exact.count > 0 && exact.dimension > 0 {
      graph = NeighborGraph(
        vectors: halves, links: configuration.links, construction: configuration.construction,
        seed: configuration.seed)
    }
    self.init(exact, configuration: configuration, recall: nil, graph: graph)
    recall = IndexRecall(
      of: self, vectors: vectors, sample: configuration.recallSample, queries: queries)
  }

  /// Takes parts that were read from a file.
  init(
    _ exact: ExactIndex, configuration: GraphConfiguration, recall: IndexRecall?,
    graph: NeighborGraph?
  ) {
    ids = exact.ids
    vectors = exact.vectors
    self.configuration = configuration
    self.recall = recall
    self.graph = graph
  }

  /// Links other rows in the same way.
  public func rebuilt(with rows: ExactIndex) -> GraphIndex {
    GraphIndex(rows, configuration: configuration)
  }

  /// The vectors that a graph walks on.
  static func halves(of exact: ExactIndex) -> HalfMatrix {
    guard case .half(let halves) = exact.vectors.storage else {
      preconditionFailure("a graph of \(exact.vectors.precision) vectors, not 16-bit ones")
    }
    return halves
  }

  /// The same vectors, searched one and all.
  var exact: ExactIndex { ExactIndex(checkedIDs: ids, vectors: vectors) }
}
