import Foundation
import Tensor

/// Trains a re-ranker as matching: which of a text's candidates is its molecule.
///
/// Softmax cross-entropy of scale·s + logit over the molecule and negatives drawn anew in every
/// epoch from the first stage's best, s its score. (Nogueira and Cho 2019, "Passage re-ranking with
/// BERT", section 3, with a softmax in place of independent decisions.)
struct RerankTrainer {
  let network: RerankNetwork
  let texts: RerankReader.Texts
  let molecules: RerankReader.Molecules
  let lists: CandidateLists
  /// Molecules below this number are pairs' own.
  let pairedMolecules: Int
  /// Whether each pair's text is prose.
  let isProse: [Bool]

  private var configuration: RerankConfiguration { network.configuration }

  /// Means over some lists.
  struct Losses {
    /// With the logits.
    var with: Float
    /// Of the first stage's scores alone, under the same scale.
    var without: Float
  }

  /// Trains all epochs and calls `finish` after each with its number, weights and mean losses.
  func run(
    progress: (Double) -> Void,
    finish: (_ epoch: Int, _ parameters: ParameterSet, _ loss: Losses) throws -> Void
  ) throws {
    var parameters = ParameterSet(network.parameterShapes, seed: configuration.seed)
    var settings = AdamW.Configuration()
    settings.weightDecay = configuration.weightDecay
    var optimizer = AdamW(configuration: settings, parameters: parameters)
    // Epochs differ by a few texts; the schedule counts a fixed number of sub-steps an epoch.
    let resolution = 1000
    let total = configuration.epochs * resolution
    let schedule = LearningRateSchedule(
      peak: configuration.learningRate, warmupSteps: resolution / 10, totalSteps: total)
    for epoch in 0..<configuration.epochs {
      let order = order(epoch: epoch)
      if order.isEmpty { throw TrainingError.noBatch }
      let starts = Array(stride(from: 0, to: order.count, by: configuration.batchTexts))
      var sums = (with: 0.0, without: 0.0)
      for (step, start) in starts.enumerated() {
        let batch = Array(order[start..<min(start + configuration.batchTexts, order.count)])
        var seed = FeatureHash(kind: configuration.seed)
        seed.combine(epoch)
        seed.combine(step)
        let (losses, gradients) = gradients(
          of: batch, epoch: epoch, parameters: parameters,
          mode: .training(dropout: configuration.dropout, seed: seed.key))
        let norm = GradientClipping.globalNorm(gradients)
        guard losses.with.isFinite, norm.isFinite else {
          throw TrainingError.diverged(epoch: epoch + 1, step: step + 1)
        }
        optimizer.update(
          &parameters, gradients: gradients,
          gradientScale: GradientClipping.scale(norm: norm, maximum: 1),
          learningRate: schedule.rate(at: epoch * resolution + step * resolution / starts.count))
        sums.with += Double(losses.with) * Double(batch.count)
        sums.without += Double(losses.without) * Double(batch.count)
        progress(
          (Double(epoch) + Double(step + 1) / Double(starts.count)) / Double(configuration.epochs))
      }
      guard parameters.isFinite else {
        throw TrainingError.diverged(epoch: epoch + 1, step: starts.count)
      }
      let count = Double(order.count)
      try finish(
        epoch + 1, parameters,
        Losses(with: Float(sums.with / count), without: Float(sums.without / count)))
    }
  }

  /// The lists of an epoch: those of all prose and of a share of the rest, in random order.
  private func order(epoch: Int) -> [Int] {
    var hash = FeatureHash(kind: configuration.seed)
    hash.combine("rerank")
    hash.combine(epoch)
    var random = RandomSource(seed: hash.key)
    let chosen = lists.pairs.indices.filter {
      (isProse[lists.pairs[$0]] || random.uniform() < configuration.nameShare)
        && drawable($0).count >= negatives
    }
    return random.permutation(chosen.count).map { chosen[$0] }
  }

  /// The mean loss of some lists and a gradient for each parameter, in order.
  func gradients(
    of batch: [Int], epoch: Int, parameters: ParameterSet, mode: LayerMode
  ) -> (losses: Losses, gradients: [Matrix]) {
    let width = 1 + negatives
    var candidates: [[Int]] = []
    var scores: [[Float]] = []
    for list in batch {
      let places = [0] + drawn(list: list, epoch: epoch)
      candidates.append(places.map { lists.molecules[list * lists.length + $0] })
      scores.append(places.map { lists.scores[list * lists.length + $0] })
    }
    let tape = Tape()
    var variables: [String: Tape.Variable] = [:]
    let ordered = parameters.parameters.map { parameter in
      let variable = tape.parameter(parameter.value)
      variables[parameter.name] = variable
      return variable
    }
    func weight(_ name: String) -> Tape.Variable {
      guard let found = variables[name] else { preconditionFailure("no parameter named \(name)") }
      return found
    }
    let logits = network.logits(
      RerankNetwork.Batch(
        texts: texts, of: batch.map { lists.pairs[$0] }, molecules: molecules,
        candidates: candidates, scores: scores), on: tape, mode: mode, weights: weight)
    let first = tape.scaling(
      tape.constant(
        Matrix(rows: batch.count, columns: width, values: Array(scores.joined()))),
      byExpOf: weight(RerankNetwork.logScaleName))
    let sums = tape.adding(
      first, tape.reshaping(logits, rows: batch.count, columns: width))
    func losses(_ sums: Tape.Variable) -> Tape.Variable {
      let own = tape.gatheringColumns(
        sums, [Int32](repeating: 0, count: batch.count), count: 1)
      return tape.adding(tape.logSumExp(sums), tape.scaling(own, by: -1))
    }
    let share = 1 / Float(batch.count)
    let with = losses(sums)
    let gradients = tape.gradients(of: [
      (with, Matrix(rows: batch.count, columns: 1, repeating: share))
    ])
    return (
      Losses(
        with: tape.value(of: with).values.reduce(0, +) * share,
        without: tape.value(of: losses(first)).values.reduce(0, +) * share),
      ordered.map { gradients[$0] }
    )
  }

  private var negatives: Int { min(configuration.negatives, lists.length - 1) }

  /// The places of a list, from 1, from which its negatives are drawn.
  private func drawable(_ list: Int) -> [Int] {
    (1..<lists.length).filter {
      configuration.drawsFromPool
        || lists.molecules[list * lists.length + $0] < pairedMolecules
    }
  }

  /// Different places of a list, as many as negatives are wanted.
  private func drawn(list: Int, epoch: Int) -> [Int] {
    var hash = FeatureHash(kind: configuration.seed)
    hash.combine(epoch)
    hash.combine(list)
    var random = RandomSource(seed: hash.key)
    let places = drawable(list)
    return random.permutation(places.count).prefix(negatives).map { places[$0] }
  }
}
