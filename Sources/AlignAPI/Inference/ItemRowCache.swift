import Postgres
import Synchronization

/// Keeps rows of items that results showed.
///
/// A row is good for as long as its corpus has the state that it had before the row was read: every
/// write changes it. The caller asks only while it knows that its picture is not older than searches
/// may be.
final class ItemRowCache: Sendable {
  private struct Entry: Sendable {
    let row: ItemRow
    let state: LoadedCorpora.CorpusState
  }

  private struct State {
    var rows: LRUCache<Int64, Entry>
    var outcomes = CacheOutcomes()
  }

  private let state: Mutex<State>

  /// A cache of rows that take `limit` bytes at most.
  init(limit: Int) { state = Mutex(State(rows: LRUCache(limit: limit))) }

  /// The rows of some items that are kept, as of the given states by the corpora's names.
  func rows(of ids: [Int64], at states: [String: LoadedCorpora.CorpusState]) -> [Int64: ItemRow] {
    var found: [Int64: ItemRow] = [:]
    found.reserveCapacity(ids.count)
    state.withLock { state in
      for id in ids {
        let entry = state.rows.value(of: id)
        if let entry, states[entry.row.corpus] == entry.state {
          found[id] = entry.row
          state.outcomes.note(hit: true)
        } else {
          if entry != nil { state.rows.remove(id) }
          state.outcomes.note(hit: false)
        }
      }
    }
    return found
  }

  /// Keeps rows that were read after the corpora had the given states.
  func insert(_ rows: [Int64: ItemRow], at states: [String: LoadedCorpora.CorpusState]) {
    state.withLock { state in
      for (id, row) in rows {
        guard let corpus = states[row.corpus] else { continue }
        state.rows.insert(Entry(row: row, state: corpus), bytes: row.bytes, for: id)
      }
    }
  }

  var status: CacheStatus {
    state.withLock { state in
      CacheStatus(
        hits: state.outcomes.hits, misses: state.outcomes.misses,
        evictions: state.rows.evictions, entries: state.rows.count, bytes: state.rows.bytes,
        limit: state.rows.limit, missRatio: state.outcomes.recentMissRatio)
    }
  }
}

extension ItemRow {
  /// About the memory that the row takes beside itself.
  fileprivate var bytes: Int {
    128 + corpus.utf8.count + properties.text.utf8.count + (smiles?.utf8.count ?? 0)
      + (text?.utf8.count ?? 0) + sourceIDs.reduce(0) { $0 + 32 + $1.utf8.count }
  }
}
