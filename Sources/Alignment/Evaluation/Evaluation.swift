import Tensor

/// The quality of a model on pairs against a pool, both directions.
public struct Evaluation: Sendable, Equatable, Codable {
  /// Each text ranks every molecule of the pool.
  public let textToMolecule: RankingMetrics
  /// Each molecule ranks every text of the pairs.
  public let moleculeToText: RankingMetrics
  /// How many pairs were asked.
  public let queries: Int
  /// How many molecules each text ranked.
  public let candidates: Int

  enum CodingKeys: String, CodingKey {
    case textToMolecule = "text_to_molecule"
    case moleculeToText = "molecule_to_text"
    case queries
    case candidates
  }

  /// Ranks unit vectors exactly, ties against us.
  ///
  /// `texts` [Q, d] are the queries, `pool` [M, d] the molecules, `answers[i]` the pool row of
  /// text i; there must be at least one query.
  init(texts: Matrix, pool: Matrix, answers: [Int]) {
    queries = texts.rows
    candidates = pool.rows
    textToMolecule = RankingMetrics(
      ranks: ExactRanking.ranks(queries: texts, candidates: pool, answers: answers))
    moleculeToText = RankingMetrics(
      ranks: ExactRanking.ranks(
        queries: pool.gatheringRows(answers), candidates: texts,
        answers: Array(0..<texts.rows)))
  }
}
