import Foundation
package import Molecule
import Tensor

/// A second stage: orders the best candidates of a model anew, reading text and molecule together.
///
/// Immutable after loading. It belongs to one model, by the checksum of its checkpoint.
public struct Reranker: Sendable {
  /// The settings.
  public let configuration: RerankConfiguration
  /// How the dev texts rank the pool without and with it.
  public let outcome: RerankOutcome
  let network: RerankNetwork
  let parameters: ParameterSet
  private let model: AlignmentModel
  private let reader: RerankReader

  init(
    configuration: RerankConfiguration, outcome: RerankOutcome, network: RerankNetwork,
    parameters: ParameterSet, model: AlignmentModel, reader: RerankReader
  ) {
    self.configuration = configuration
    self.outcome = outcome
    self.network = network
    self.parameters = parameters
    self.model = model
    self.reader = reader
  }

  /// How many candidates are ordered anew.
  public var depth: Int { configuration.depth }

  /// New scores of candidates of a text: s + logit/scale, s the score of the first stage.
  ///
  /// `scores` [molecules.count] are those of the first stage. O(candidates).
  package func scores(
    of text: String, molecules: [MolecularGraph], scores: [Float]
  ) -> [Float] {
    precondition(molecules.count == scores.count, "\(molecules.count), \(scores.count) scores")
    if molecules.isEmpty { return [] }
    return Self.scores(
      texts: reader.texts(model.features(of: [text])), of: [0],
      molecules: reader.molecules(model.features(of: molecules)),
      candidates: [zip(molecules.indices, scores).map { FirstStage.Candidate(row: $0, score: $1) }],
      network: network, parameters: parameters)[0]
  }

  /// The same for texts and candidates that are read already; one text at a time, so that memory
  /// does not grow with their number.
  static func scores(
    texts: RerankReader.Texts, of rows: [Int], molecules: RerankReader.Molecules,
    candidates: [[FirstStage.Candidate]], network: RerankNetwork, parameters: ParameterSet
  ) -> [[Float]] {
    let lookup = parameters.lookup
    let inverseScale = exp(-parameters[RerankNetwork.logScaleName][0, 0])
    return zip(rows, candidates).map { row, candidates in
      if candidates.isEmpty { return [] }
      let tape = Tape()
      let first = candidates.map(\.score)
      let logits = network.logits(
        RerankNetwork.Batch(
          texts: texts, of: [row], molecules: molecules, candidates: [candidates.map(\.row)],
          scores: [first]),
        on: tape, mode: .inference, weights: { tape.constant(lookup($0)) })
      return zip(first, tape.value(of: logits).values).map { $0 + inverseScale * $1 }
    }
  }

  /// The ranks of answers when the best candidates of each text are ordered by new scores.
  ///
  /// `ranks` are those of the first stage; an answer below ``depth`` keeps its own.
  static func ranks(
    _ ranks: [Int], answers: [Int], candidates: [[FirstStage.Candidate]], scores: [[Float]]
  ) -> [Int] {
    ranks.indices.map { query in
      let candidates = candidates[query]
      guard ranks[query] <= candidates.count,
        let place = candidates.firstIndex(where: { $0.row == answers[query] })
      else { return ranks[query] }
      let own = scores[query][place] - ExactRanking.tieTolerance
      return scores[query].count { $0 >= own }
    }
  }

  /// The ranks of a task's answers; `ranks` and `candidates` are those of the first stage.
  func ranks(
    _ ranks: [Int], task: RankingTask, candidates: [[FirstStage.Candidate]],
    progress: (Double) -> Void
  ) -> [Int] {
    var scores: [[Float]] = []
    for (query, list) in candidates.enumerated() {
      scores += Self.scores(
        texts: reader.texts([task.texts[query]]), of: [0],
        molecules: reader.molecules(list.map { task.pool[$0.row] }),
        candidates: [
          list.enumerated().map { FirstStage.Candidate(row: $0.offset, score: $0.element.score) }
        ], network: network, parameters: parameters)
      progress(Double(query + 1) / Double(candidates.count))
    }
    return Self.ranks(ranks, answers: task.answers, candidates: candidates, scores: scores)
  }
}

/// How dev texts rank the pool.
public struct RerankOutcome: Sendable, Equatable, Codable {
  /// By the model alone.
  public let without: RankingMetrics
  /// With its best candidates ordered anew.
  public let with: RankingMetrics
  /// The epoch whose weights are kept.
  public let epoch: Int

  /// Whether the second stage raises the MRR.
  public var pays: Bool { with.mrr > without.mrr }
}
