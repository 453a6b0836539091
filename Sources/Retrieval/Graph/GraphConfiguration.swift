/// How a graph index trades memory and time for recall.
public struct GraphConfiguration: Sendable, Equatable, Codable {
  /// Links of a row in an upper layer (M); twice as many in the lowest.
  public var links: Int
  /// Candidates among which they are chosen (efConstruction).
  public var construction: Int
  /// Rows that a search keeps in sight (ef); at least as many as hits are wanted.
  public var breadth: Int
  /// What the layers are drawn with.
  public var seed: UInt64
  /// How many rows are used as queries to measure recall when the index is built.
  public var recallSample: Int

  /// The defaults: hnswlib's links, and enough breadth for recall@10 of about 0.99 on embeddings.
  public init(
    links: Int = 16, construction: Int = 120, breadth: Int = 160, seed: UInt64 = 100,
    recallSample: Int = 200
  ) {
    self.links = links
    self.construction = construction
    self.breadth = breadth
    self.seed = seed
    self.recallSample = recallSample
  }
}
