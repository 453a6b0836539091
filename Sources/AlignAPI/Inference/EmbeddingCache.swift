import Digest
import Synchronization

/// Keeps unit vectors of texts and molecules that were encoded.
final class EmbeddingCache: Sendable {
  private struct State {
    var vectors: LRUCache<CacheKey, [Float]>
    var outcomes = CacheOutcomes()
  }

  private let checksum: SHA256Digest
  private let state: Mutex<State>

  /// A cache of vectors of one model, which take `limit` bytes at most.
  init(checksum: SHA256Digest, limit: Int) {
    self.checksum = checksum
    state = Mutex(State(vectors: LRUCache(limit: limit)))
  }

  /// The key of a query; nil for what is never kept.
  func key(of query: SearchQuery) -> CacheKey? { CacheKey(query, model: checksum) }

  /// The vector of a key; counts a hit or a miss.
  func vector(of key: CacheKey) -> [Float]? {
    state.withLock { state in
      let vector = state.vectors.value(of: key)
      state.outcomes.note(hit: vector != nil)
      return vector
    }
  }

  func insert(_ vector: [Float], for key: CacheKey) {
    let bytes = vector.count * MemoryLayout<Float>.stride
    state.withLock { $0.vectors.insert(vector, bytes: bytes, for: key) }
  }

  var status: CacheStatus {
    state.withLock { state in
      CacheStatus(
        hits: state.outcomes.hits, misses: state.outcomes.misses,
        evictions: state.vectors.evictions, entries: state.vectors.count,
        bytes: state.vectors.bytes, limit: state.vectors.limit,
        missRatio: state.outcomes.recentMissRatio)
    }
  }
}
