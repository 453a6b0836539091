import Dispatch
import Postgres
import Synchronization

/// Finds what filters let through, in memory and in the database.
///
/// Answers of the database are kept until a corpus changes.
final class FilterLookup: Sendable {
  private struct Answer {
    let state: LoadedCorpora.State
    let items: ItemIDSet
    var lastUse: UInt64
  }

  private struct State {
    var answers: [DatabaseLeaf: Answer] = [:]
    var uses: UInt64 = 0
  }

  let matches = SubstructureMatches()
  private let database: DatabaseAccess
  private let answerLimit: Int
  private let state = Mutex(State())
  private let queue = DispatchQueue(
    label: "ligature.filter", qos: .userInitiated, attributes: .concurrent)

  init(_ database: DatabaseAccess, answerLimit: Int = 64) {
    self.database = database
    self.answerLimit = answerLimit
  }

  /// The items that a filter lets through, as far as that is known without matching substructures.
  ///
  /// Throws `PoolError` and ``PostgresError``.
  func items(_ filter: SearchFilter, in corpora: LoadedCorpora) async throws -> FilteredItems {
    let answers = try await answers(filter.databaseLeaves, corpora.state)
    return await onQueue { [matches] in
      FilteredItems(
        filter, in: corpora.items, corpora: corpora.idsByName, answers: answers, matches: matches)
    }
  }

  /// Decides for some items which of the filter's substructures they have.
  func decide(_ filter: SearchFilter, _ ids: [Int64], in corpora: LoadedCorpora) async {
    await onQueue { [matches] in
      let wanted = corpora.items.smiles(of: ItemIDSet(ids))
      for query in filter.substructures { matches.decide(query, wanted, in: corpora.items) }
    }
  }

  /// What the database says to each leaf.
  private func answers(
    _ leaves: Set<DatabaseLeaf>, _ picture: LoadedCorpora.State
  ) async throws -> [DatabaseLeaf: ItemIDSet] {
    var known: [DatabaseLeaf: ItemIDSet] = [:]
    state.withLock { state in
      for leaf in leaves {
        guard var answer = state.answers[leaf], answer.state == picture else { continue }
        state.uses += 1
        answer.lastUse = state.uses
        state.answers[leaf] = answer
        known[leaf] = answer.items
      }
    }
    let open = leaves.filter { known[$0] == nil }
    if open.isEmpty { return known }
    let found = try await database.withConnection { connection in
      try open.map { leaf in
        var items = ItemIDSet()
        try connection.forEachRow(leaf.statement) { row in items.insert(try row.value(at: 0)) }
        return (leaf, items)
      }
    }
    state.withLock { state in
      for (leaf, items) in found {
        if state.answers.count >= answerLimit,
          let oldest = state.answers.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
          state.answers[oldest.key] = nil
        }
        state.uses += 1
        state.answers[leaf] = Answer(state: picture, items: items, lastUse: state.uses)
        known[leaf] = items
      }
    }
    return known
  }

  /// Works on a thread that nobody awaits.
  func onQueue<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: work()) }
    }
  }
}
