package import Tensor

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

  /// What is added to every score of an item as a candidate.
  package struct Offsets {
    let texts: [Float]
    let pool: [Float]

    /// One offset for each text, and for each molecule of the pool.
    package init(texts: [Float], pool: [Float]) {
      self.texts = texts
      self.pool = pool
    }
  }

  /// The same with other ranks of the texts' answers, from 1.
  func replacing(textToMolecule ranks: [Int]) -> Evaluation {
    Evaluation(
      textToMolecule: RankingMetrics(ranks: ranks), moleculeToText: moleculeToText,
      queries: queries, candidates: candidates)
  }

  private init(
    textToMolecule: RankingMetrics, moleculeToText: RankingMetrics, queries: Int, candidates: Int
  ) {
    self.textToMolecule = textToMolecule
    self.moleculeToText = moleculeToText
    self.queries = queries
    self.candidates = candidates
  }

  /// Ranks unit vectors exactly, ties against us.
  ///
  /// `texts` [Q, d] are the queries, `pool` [M, d] the molecules, `answers[i]` the pool row of
  /// text i; there must be at least one query.
  /// - Throws: ``EvaluationError`` for a vector that is not finite: it has no rank.
  package init(
    texts: Matrix, pool: Matrix, answers: [Int], offsets: Offsets? = nil
  ) throws(EvaluationError) {
    for (modality, vectors) in [(Modality.text, texts), (.molecule, pool)] {
      if let place = vectors.values.firstIndex(where: { !$0.isFinite }) {
        throw EvaluationError(modality: modality, row: place / vectors.columns)
      }
    }
    queries = texts.rows
    candidates = pool.rows
    textToMolecule = RankingMetrics(
      ranks: ExactRanking.ranks(
        queries: texts, candidates: pool, answers: answers, offsets: offsets?.pool))
    moleculeToText = RankingMetrics(
      ranks: ExactRanking.ranks(
        queries: pool.gatheringRows(answers), candidates: texts,
        answers: Array(0..<texts.rows), offsets: offsets?.texts))
  }
}

/// A vector that is not finite and therefore cannot be ranked.
public struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was encoded.
  public let modality: Modality
  /// Which of the usable rows it was, from 0.
  public let row: Int

  /// A sentence for people.
  public var description: String {
    "the model's vector of \(modality.rawValue) \(row + 1) is not finite: its weights are damaged"
  }
}
