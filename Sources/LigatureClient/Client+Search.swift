extension Client {
  /// The molecules or texts that fit best.
  public func search(_ request: SearchRequest) async throws -> Answer<SearchAnswer> {
    try await value(.search, request)
  }

  /// Up to 32 searches at once; one that fails spoils no other.
  public func searchBatch(_ searches: [SearchRequest]) async throws -> Answer<SearchOutcomes> {
    try await value(.searchBatch, ["searches": searches])
  }

  /// Unit vectors of texts or molecules.
  public func createEmbeddings(_ request: EmbeddingsRequest) async throws -> Answer<Embeddings> {
    try await value(.createEmbeddings, request)
  }

  /// Scores of up to 256 pairs.
  public func getSimilarity(_ pairs: [ThingPair]) async throws -> Answer<SimilarityScores> {
    try await value(.getSimilarity, ["pairs": pairs])
  }

  /// Up to 1,000 candidates in the order of their scores.
  public func rank(
    _ candidates: [Thing], for query: Thing, k: Int? = nil
  ) async throws -> Answer<Ranking> {
    struct Body: Encodable {
      let query: Thing
      let candidates: [Thing]
      let k: Int?
    }
    return try await value(.rank, Body(query: query, candidates: candidates, k: k))
  }

  /// Which atoms and which words carried a score.
  public func explainScore(_ request: ExplanationRequest) async throws -> Answer<JSONValue> {
    try await value(.explainScore, request)
  }
}
