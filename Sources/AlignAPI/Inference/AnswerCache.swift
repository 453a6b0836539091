import Postgres
import Synchronization

/// Keeps answers to searches of one picture of the corpora.
///
/// An answer's rows come from the database and may be as old as the answer, so that the caller asks
/// only while it knows that the picture is not older than searches may be. A new picture empties the
/// cache.
final class AnswerCache: Sendable {
  /// What is kept of a search.
  struct Entry: Sendable {
    let answer: SearchAnswer
    /// The query's unit vector, where one was needed.
    let vector: [Float]?
  }

  private struct State {
    var answers: LRUCache<CacheKey, Entry>
    var outcomes = CacheOutcomes()
    var picture: UInt64 = 0

    /// Forgets the answers of older pictures.
    mutating func turn(to picture: UInt64) {
      guard picture > self.picture else { return }
      self.picture = picture
      answers.removeAll()
    }
  }

  private let state: Mutex<State>

  /// A cache of answers that take `limit` bytes at most.
  init(limit: Int) { state = Mutex(State(answers: LRUCache(limit: limit))) }

  /// The answer of a key in a picture; counts a hit or a miss.
  func entry(of key: CacheKey, picture: UInt64) -> Entry? {
    state.withLock { state in
      state.turn(to: picture)
      let entry = state.picture == picture ? state.answers.value(of: key) : nil
      state.outcomes.note(hit: entry != nil)
      return entry
    }
  }

  /// Keeps an answer, unless a newer picture has come.
  func insert(_ entry: Entry, for key: CacheKey, picture: UInt64) {
    let bytes = entry.bytes
    state.withLock { state in
      state.turn(to: picture)
      if state.picture == picture { state.answers.insert(entry, bytes: bytes, for: key) }
    }
  }

  var status: CacheStatus {
    state.withLock { state in
      CacheStatus(
        hits: state.outcomes.hits, misses: state.outcomes.misses,
        evictions: state.answers.evictions, entries: state.answers.count,
        bytes: state.answers.bytes, limit: state.answers.limit,
        missRatio: state.outcomes.recentMissRatio)
    }
  }
}

extension AnswerCache.Entry {
  /// About the memory that the entry takes.
  fileprivate var bytes: Int {
    let row = MemoryLayout<SearchResult>.stride + 64
    return 512 + 4 * (vector?.count ?? 0)
      + answer.results.reduce(0) { sum, result in
        sum + row + result.corpus.utf8.count + result.properties.text.utf8.count
          + (result.smiles?.utf8.count ?? 0) + (result.text?.utf8.count ?? 0)
          + (result.scaffold?.utf8.count ?? 0) + 32 * result.ranks.count
          + result.sourceIDs.reduce(0) { $0 + 32 + $1.utf8.count }
      }
  }
}
