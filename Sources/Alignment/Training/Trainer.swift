import Foundation
import MoEBackbone
import Tensor

/// Runs epochs over pairs whose inputs are computed.
struct Trainer {
  let network: AlignmentNetwork
  let molecules: MoleculeInputs
  let texts: TextInputs
  let groups: [PairGroups]
  /// What linked texts are fused with; nil without it.
  let knowledge: LinkedKnowledge?
  let dev: RankingInputs
  /// The pairs by which hubs are told; nil when they are not held back.
  let references: ReferencePairs?
  /// The texts by which drift is told; nil for no reference.
  var driftTexts: DriftTexts?
  /// Unit vectors of the pairs under a teacher; nil without one.
  let teacher: TeacherVectors?

  private var configuration: TrainingConfiguration { network.configuration }

  /// What dev pairs are ranked by.
  struct RankingInputs: Sendable {
    let texts: TextInputs
    let pool: MoleculeInputs
    /// The pool row of each text's molecule.
    let answers: [Int]
    let keys: RankingTask.Keys
  }

  /// A teacher's unit vectors of the pairs, [pairs, d] each.
  struct TeacherVectors: Sendable {
    let molecules: Matrix
    let texts: Matrix

    /// The cosines of texts and molecules of a batch, [N, N].
    func similarities(_ batch: [Int]) -> Matrix {
      Matrix.product(
        texts.gatheringRows(batch), molecules.gatheringRows(batch), transposingB: true)
    }
  }

  /// Trains from `state` to the end; `save` is called after each epoch with the new state.
  func run(
    from initial: TrainingState, report: (TrainingEvent) -> Void,
    save: (TrainingState, TrainingEpochReport, [ExpertCapacitySnapshot]) throws -> Void
  ) throws -> TrainingState {
    var state = initial
    let clock = ContinuousClock()
    let started = clock.now
    let firstEpoch = state.epoch
    var pairsDone = 0
    while state.epoch < configuration.epochs {
      if state.evaluationsWithoutGain >= configuration.patience {
        report(.stoppedEarly(epoch: state.epoch))
        break
      }
      let epochStart = clock.now
      let plan = BatchPlan(
        groups: groups, batchSize: configuration.batchSize, order: order(of: state))
      var totals = EpochTotals(state: state.weights.state, configuration: configuration)
      for (step, batch) in plan.batches.enumerated() {
        try train(on: batch, step: step, steps: plan.batches.count, state: &state, totals: &totals)
        pairsDone += batch.count
        let elapsed = (clock.now - started) / .seconds(1)
        let share =
          (Double(state.epoch - firstEpoch) + Double(step + 1) / Double(plan.batches.count))
          / Double(configuration.epochs - firstEpoch)
        report(
          .step(
            TrainingStepReport(
              epoch: state.epoch + 1, epochs: configuration.epochs, step: step + 1,
              steps: plan.batches.count, loss: totals.meanLoss,
              pairsPerSecond: Double(pairsDone) / elapsed,
              secondsLeft: elapsed * (1 - share) / share,
              devMRR: state.best?.evaluation.textToMolecule.mrr)))
      }
      let trained = (clock.now - epochStart) / .seconds(1)
      state.epoch += 1
      // The last update of an epoch is followed by no loss that would show it.
      guard state.weights.parameters.isFinite else {
        throw TrainingError.diverged(epoch: state.epoch, step: totals.steps)
      }
      let evaluation = try evaluateIfDue(&state, stepsInEpoch: totals.steps)
      let epochReport = TrainingEpochReport(
        epoch: state.epoch, loss: totals.meanLoss, learningRate: totals.learningRate,
        scale: exp(state.weights.parameters[AlignmentNetwork.logScaleName][0, 0]),
        gradientNorm: totals.gradientNorm / Double(max(1, totals.steps)),
        pairsPerSecond: Double(totals.pairs) / max(trained, 1e-9),
        seconds: (clock.now - epochStart) / .seconds(1), dev: evaluation,
        experts: state.weights.state.flatMap { totals.routing?.report($0) })
      try save(state, epochReport, totals.routing?.snapshots ?? [])
      report(.epoch(epochReport))
    }
    return state
  }

  private struct EpochTotals {
    var loss: Double = 0
    var gradientNorm: Double = 0
    var learningRate: Float = 0
    var steps = 0
    var pairs = 0
    var routing: RoutingLog?
    var meanLoss: Float { Float(loss / Double(max(1, steps))) }

    init(state: BackboneState?, configuration: TrainingConfiguration) {
      routing = state.map {
        RoutingLog(blocks: $0.blocks.count, experts: configuration.backbone.shape.experts)
      }
    }
  }

  /// The order of an epoch's pairs: random, or neighbours together once it is time for them.
  private func order(of state: TrainingState) -> [Int] {
    let random = BatchPlan.order(
      of: groups.count, seed: configuration.seed, epoch: state.epoch)
    let hard = configuration.hardNegatives
    if Float(state.epoch) < hard.startShare * Float(configuration.epochs) { return random }
    return NeighborOrder(
      texts: network.encode(
        texts, weights: state.weights,
        terms: network.termVectors(of: knowledge, weights: state.weights)),
      molecules: network.encode(molecules, weights: state.weights), start: random,
      groupSize: hard.groupSize
    ).pairs
  }

  /// A batch of pairs; some texts are under the default domain in place of their own.
  private func gathering(_ batch: [Int], seed: UInt64) -> ContrastiveStep.Batch {
    var texts = texts.gathering(batch)
    if configuration.backbone.isEnabled, configuration.defaultDomainShare > 0 {
      var random = RandomSource(seed: seed)
      texts = texts.replacingDomains { _ in
        random.uniform() < configuration.defaultDomainShare ? .default : nil
      }
    }
    return ContrastiveStep.Batch(
      molecules: molecules.gathering(batch), texts: texts,
      teacher: teacher?.similarities(batch))
  }

  private func train(
    on batch: [Int], step: Int, steps: Int, state: inout TrainingState,
    totals: inout EpochTotals
  ) throws {
    var seed = FeatureHash(kind: configuration.seed)
    seed.combine(state.epoch)
    seed.combine(step)
    let names = Set(state.trained)
    var trained = state.weights.parameters.selecting(names.contains)
    let result = ContrastiveStep(
      gathering(batch, seed: ~seed.key), network: network, knowledge: knowledge,
      trained: trained, frozen: state.weights.parameters.selecting { !names.contains($0) },
      state: state.weights.state, dropoutSeed: seed.key)
    let norm = GradientClipping.globalNorm(of: result.gradients)
    guard result.loss.isFinite, norm.isFinite else {
      throw TrainingError.diverged(epoch: state.epoch + 1, step: step + 1)
    }
    let rate = learningRate(epoch: state.epoch, step: step, stepsInEpoch: steps)
    // One owner, so that the weights change in place.
    state.weights.parameters.removeValues(of: names)
    state.optimizer.update(
      &trained, gradients: result.gradients,
      gradientScale: GradientClipping.scale(
        norm: norm, maximum: Double(configuration.maximumGradientNorm)),
      learningRate: rate)
    limitScale(of: &trained)
    state.weights.parameters.replace(with: trained)
    if let statistics = totals.routing?.observe(result.routings),
      state.trained.contains(where: Backbone.isRouting)
    {
      state.weights.state?.advance(statistics, biasStep: configuration.backbone.shape.biasStep)
    }
    totals.loss += Double(result.loss)
    totals.gradientNorm += norm
    totals.learningRate = rate
    totals.steps += 1
    totals.pairs += batch.count
  }

  /// Keeps the learned scale at or below its maximum, as CLIP does (Radford and others 2021, 2.5).
  ///
  /// The bound acts on the weight, so that its gradient stays and can lead it down again.
  private func limitScale(of parameters: inout ParameterSet) {
    let highest = log(configuration.maximumScale)
    for index in parameters.parameters.indices
    where parameters.parameters[index].name == AlignmentNetwork.logScaleName
      && parameters.parameters[index].value[0, 0] > highest
    {
      parameters.parameters[index].value[0, 0] = highest
    }
  }

  /// The rate of a step.
  ///
  /// Epochs may differ by a batch, so the schedule counts a fixed number of
  /// sub-steps an epoch.
  private func learningRate(epoch: Int, step: Int, stepsInEpoch: Int) -> Float {
    let resolution = 1000
    let total = configuration.epochs * resolution
    let schedule = LearningRateSchedule(
      peak: configuration.learningRate,
      warmupSteps: Int(Float(total) * configuration.warmupShare), totalSteps: total)
    return schedule.rate(at: epoch * resolution + step * resolution / stepsInEpoch)
  }

  /// What hubs are told by under the given weights; nil when they are not held back.
  func hubReferences(under weights: NetworkWeights) -> HubReferences? {
    references?.encoded(
      by: network, weights: weights,
      terms: network.termVectors(of: knowledge, weights: weights))
  }

  /// What drift is told by under the given weights.
  func driftReference(under weights: NetworkWeights) -> DriftReference? {
    driftTexts?.encoded(
      by: network, weights: weights,
      terms: network.termVectors(of: knowledge, weights: weights))
  }

  private func evaluateIfDue(
    _ state: inout TrainingState, stepsInEpoch: Int
  ) throws(TrainingError) -> Evaluation? {
    let isLast = state.epoch == configuration.epochs
    guard isLast || state.epoch % configuration.evaluationInterval == 0 else { return nil }
    let kept = NetworkWeights(
      parameters: configuration.storage.rounded(state.weights.parameters),
      state: state.weights.state)
    let terms = network.termVectors(of: knowledge, weights: kept)
    let texts = network.encode(dev.texts, weights: kept, terms: terms)
    let pool = network.encode(dev.pool, weights: kept)
    let evaluation: Evaluation
    do throws(EvaluationError) {
      evaluation = try Evaluation(
        texts: texts, pool: pool, answers: dev.answers,
        offsets: references?.encoded(by: network, weights: kept, terms: terms).offsets(
          texts: texts, pool: pool, keys: dev.keys, configuration: configuration.hubness))
    } catch {
      // Finite weights can still be too large for their products.
      throw TrainingError.diverged(epoch: state.epoch, step: stepsInEpoch)
    }
    let bestSoFar = state.best?.evaluation.textToMolecule.mrr ?? -1
    if evaluation.textToMolecule.mrr > bestSoFar {
      state.best = TrainingState.Best(
        epoch: state.epoch, evaluation: evaluation, weights: kept)
      state.evaluationsWithoutGain = 0
    } else {
      state.evaluationsWithoutGain += 1
    }
    return evaluation
  }
}

extension ParameterSet {
  /// Whether every value is a number.
  var isFinite: Bool { parameters.allSatisfy { $0.value.values.allSatisfy(\.isFinite) } }
}
