import Alignment
package import Retrieval
import Synchronization
import Tensor

/// What is searched: vectors of both sides under one model, and what filters look up; an
/// unchanging picture of every corpus at one version.
package struct LoadedCorpora: Sendable {
  /// One corpus.
  package struct Corpus: Sendable {
    package let id: Int64
    package let name: String
    /// `corpora.version` that is seen here.
    package var version: Int64
    package var molecules: UpdatableIndex
    package var texts: UpdatableIndex

    func index(_ target: SearchTarget) -> UpdatableIndex {
      target == .molecules ? molecules : texts
    }
  }

  /// By ascending id.
  package let corpora: [Corpus]
  /// Every item, embedded or not.
  let items: ItemTable
  /// The epoch of the database that it is of.
  let epoch: String
  /// Tells pictures apart, within the process.
  let number: UInt64

  private static let pictures = Atomic<UInt64>(0)

  init(corpora: [Corpus], items: ItemTable, epoch: String) {
    self.corpora = corpora.sorted { $0.id < $1.id }
    self.items = items
    self.epoch = epoch
    number = Self.pictures.add(1, ordering: .relaxed).newValue
  }

  /// The number of items, embedded or not.
  package var itemCount: Int { items.count }

  /// Which index answers when one corpus, or all, are searched.
  func use(_ target: SearchTarget, corpus name: String?) -> IndexUse {
    let indexes = corpora.filter { name == nil || $0.name == name }.map { $0.index(target) }
    let kinds = IndexKind.allCases.filter { kind in indexes.contains { $0.kind == kind } }
    return IndexUse(
      kind: kinds.last ?? .exact, recall: indexes.compactMap { $0.recall?.recallAt10 }.min())
  }

  /// The number of vectors of one side in all corpora.
  package func count(_ target: SearchTarget) -> Int {
    corpora.reduce(0) { $0 + $1.index(target).liveCount }
  }

  /// The place of a corpus in ``corpora``.
  func place(of name: String) -> Int? { corpora.firstIndex { $0.name == name } }

  /// What was written when a picture was taken: pictures with the same state have the same items.
  struct State: Sendable, Equatable {
    let generation: UInt64
    /// By the corpora's ids.
    let versions: [Int64: Int64]
  }

  var state: State {
    State(
      generation: items.generation,
      versions: Dictionary(corpora.map { ($0.id, $0.version) }) { first, _ in first })
  }

  /// The state of one corpus.
  struct CorpusState: Sendable, Equatable {
    let generation: UInt64
    let version: Int64
  }

  /// The state of each corpus, by its name.
  var statesByName: [String: CorpusState] {
    Dictionary(
      corpora.map {
        ($0.name, CorpusState(generation: items.generation, version: $0.version))
      }
    ) { first, _ in first }
  }

  /// The ids of the corpora by their names.
  var idsByName: [String: Int64] {
    Dictionary(corpora.map { ($0.name, $0.id) }) { first, _ in first }
  }

  /// The rows of one side that a set of items allows, for each corpus.
  func rows(_ target: SearchTarget, among items: ItemIDSet) -> [RowSet] {
    corpora.map { items.rows(of: $0.index(target).ids) }
  }

  /// Whether an item has a vector of one side.
  func isEmbedded(_ item: Int64, _ target: SearchTarget) -> Bool {
    corpora.contains { $0.index(target).row(of: item) != nil }
  }

  /// The items among some that have a vector of one side; O(items of all corpora).
  func embedded(_ target: SearchTarget, among items: ItemIDSet) -> ItemIDSet {
    var found = ItemIDSet()
    for corpus in corpora {
      let index = corpus.index(target)
      let ids = index.ids
      let rows = items.rows(of: ids).intersection(index.deleted.complement)
      found.insert(ids) { rows.contains($0) }
    }
    return found
  }

  /// One row of a batch: how many hits, from which corpus, from which rows.
  struct Demand: Sendable {
    let count: Int
    /// A place in ``corpora``; nil for all.
    var corpus: Int?
    /// For each corpus the rows that may be found; nil for all.
    var allowed: [RowSet]?
  }

  /// The best items for every row of `queries` [Q, d]; `demands[i]` belongs to row i.
  ///
  /// Rows without `allowed` share a scan; every other row has one of its own.
  func search(
    _ target: SearchTarget, _ queries: Matrix, _ demands: [Demand]
  ) -> [[SearchHit]] {
    precondition(queries.rows == demands.count, "\(queries.rows) rows, \(demands.count) demands")
    var found = [[SearchHit]](repeating: [], count: demands.count)
    for (place, corpus) in corpora.enumerated() {
      let index = corpus.index(target)
      let members = demands.indices.filter { demands[$0].corpus.map { $0 == place } ?? true }
      let open = members.filter { demands[$0].allowed == nil }
      if let most = open.map({ demands[$0].count }).max() {
        let batch = open.count == queries.rows ? queries : queries.gatheringRows(open)
        let hits = index.search(queries: batch, count: most, allowed: nil)
        for (row, hits) in zip(open, hits) { found[row] += hits.prefix(demands[row].count) }
      }
      for row in members {
        guard let allowed = demands[row].allowed?[place], allowed.population > 0 else { continue }
        found[row] +=
          index.search(
            queries: queries.gatheringRows([row]), count: demands[row].count, allowed: allowed)[0]
      }
    }
    return zip(found, demands).map { hits, demand in
      Array(hits.sorted { $0.precedes($1) }.prefix(demand.count))
    }
  }
}
