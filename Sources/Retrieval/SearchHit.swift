/// An item found by a search.
public struct SearchHit: Sendable, Equatable {
  /// The item's id.
  public let id: Int64
  /// The dot product of the query and the item's vector; the cosine when both are unit vectors.
  public let score: Float

  /// Names an item and its score.
  public init(id: Int64, score: Float) {
    self.id = id
    self.score = score
  }

  /// Whether this hit is listed before another: the higher score first, then the lower id.
  package func precedes(_ other: SearchHit) -> Bool {
    score > other.score || (score == other.score && id < other.id)
  }
}
