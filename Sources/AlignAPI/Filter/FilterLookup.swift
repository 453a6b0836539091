import Dispatch
import Postgres
import Synchronization

/// Finds what filters let through, in memory and in the database.
///
/// Answers of the database are kept until a corpus changes.
final class FilterLookup: Sendable {
  private struct Answer {
    let versions: [Int64: Int64]
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
    let answers = try await answers(filter.databaseLeaves, corpora.versions)
    return await onQueue { [matches] in
      FilteredItems(
        filter, in: corpora.items, corpora: corpora.idsByName, answers: answers, matches: matches)
    }
  }

  /// Decides for some items which of the filter's substructures they have.
  func decide(_ filter: SearchFilter, _ items: [(id: Int64, smiles: String?)]) async {
    await onQueue { [matches] in
      for query in filter.substructures { _ = matches.decide(query, items) }
    }
  }

  /// What the database says to each leaf.
  private func answers(
    _ leaves: Set<DatabaseLeaf>, _ versions: [Int64: Int64]
  ) async throws -> [DatabaseLeaf: ItemIDSet] {
    var known: [DatabaseLeaf: ItemIDSet] = [:]
    state.withLock { state in
      for leaf in leaves {
        guard var answer = state.answers[leaf], answer.versions == versions else { continue }
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
        state.answers[leaf] = Answer(versions: versions, items: items, lastUse: state.uses)
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

extension LoadedCorpora {
  /// The version of each corpus, by its id.
  var versions: [Int64: Int64] {
    Dictionary(corpora.map { ($0.id, $0.version) }) { first, _ in first }
  }
}
