package import Retrieval
import Tensor

/// The vectors of one modality under one model, a set for each corpus.
///
/// A search in one corpus is exact, and so is a search in all: the best of each corpus, merged.
package struct VectorCollection: Sendable {
  /// One corpus's vectors.
  package struct Corpus: Sendable {
    package let id: Int64
    package let name: String
    package let index: ExactIndex

    package init(id: Int64, name: String, index: ExactIndex) {
      self.id = id
      self.name = name
      self.index = index
    }
  }

  /// A found item and the corpus it is in, as a place in `corpora`.
  struct Hit: Sendable, Equatable {
    let item: SearchHit
    let corpus: Int

    /// The higher score first, then the lower id.
    func precedes(_ other: Hit) -> Bool {
      (other.item.score, item.id) < (item.score, other.item.id)
    }
  }

  /// One row of a batch: how many hits, from which corpus.
  struct Demand: Sendable {
    let count: Int
    /// A place in `corpora`; nil for all.
    let corpus: Int?
  }

  /// By ascending id.
  package let corpora: [Corpus]

  package init(corpora: [Corpus]) {
    self.corpora = corpora.sorted { $0.id < $1.id }
  }

  /// The number of vectors in all corpora.
  package var count: Int { corpora.reduce(0) { $0 + $1.index.count } }

  /// The place of a corpus in `corpora`.
  func place(of name: String) -> Int? { corpora.firstIndex { $0.name == name } }

  /// The best items for every row of `queries` [Q, d]; `demands[i]` belongs to row i.
  func search(_ queries: Matrix, _ demands: [Demand]) -> [[Hit]] {
    precondition(queries.rows == demands.count, "\(queries.rows) rows, \(demands.count) demands")
    var found = [[Hit]](repeating: [], count: demands.count)
    for (place, corpus) in corpora.enumerated() {
      let rows = demands.indices.filter { row in demands[row].corpus.map { $0 == place } ?? true }
      guard let most = rows.map({ demands[$0].count }).max() else { continue }
      let batch = rows.count == demands.count ? queries : queries.gatheringRows(rows)
      for (row, hits) in zip(rows, corpus.index.search(queries: batch, count: most)) {
        found[row] += hits.prefix(demands[row].count).map { Hit(item: $0, corpus: place) }
      }
    }
    return zip(found, demands).map { hits, demand in
      Array(hits.sorted { $0.precedes($1) }.prefix(demand.count))
    }
  }
}
