/// By what a search ranks.
package enum SearchRanking: String, Sendable, CaseIterable {
  /// The inner product of the model's vectors.
  case embedding
  /// Tanimoto similarity of fingerprints; a molecule looks for molecules.
  case fingerprint
  /// PostgreSQL's full-text rank; a text looks for items whose text shares words with it.
  case words
  /// Reciprocal ranks of all of the above that fit, summed (``ReciprocalRankFusion``).
  case fused
}

/// An item that may be answered with.
struct Candidate: Sendable, Equatable {
  let id: Int64
  var score: Float
  /// Its rank, from 1, under each ranking that was fused.
  var ranks: [SearchRanking: Int] = [:]

  /// The higher score first, then the lower id.
  func precedes(_ other: Candidate) -> Bool {
    (other.score, id) < (score, other.id)
  }
}

/// Several rankings as one: an item's score is Σ 1 / (60 + rank) over the rankings that have it.
///
/// Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
/// Learning Methods", SIGIR 2009, equation 1 with k = 60.
enum ReciprocalRankFusion {
  static let offset = 60.0

  /// Items of all lists, best first, ties by ascending id; each list is best first.
  static func fuse(_ lists: [(ranking: SearchRanking, ids: [Int64])]) -> [Candidate] {
    var scores: [Int64: Double] = [:]
    var ranks: [Int64: [SearchRanking: Int]] = [:]
    for (ranking, ids) in lists {
      for (place, id) in ids.enumerated() {
        scores[id, default: 0] += 1 / (offset + Double(place + 1))
        ranks[id, default: [:]][ranking] = place + 1
      }
    }
    return scores.map { Candidate(id: $0, score: Float($1), ranks: ranks[$0] ?? [:]) }
      .sorted { $0.precedes($1) }
  }
}
