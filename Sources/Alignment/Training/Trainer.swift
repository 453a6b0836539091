import Foundation
import Tensor

/// Runs epochs over projected pairs.
struct Trainer {
  let configuration: TrainingConfiguration
  /// Views of the pairs' molecules, [pairs, view].
  let molecules: Matrix
  /// Views of the pairs' texts, [pairs, view].
  let texts: Matrix
  let groups: [PairGroups]
  /// Views of the pool, [pool, view].
  let pool: Matrix
  /// Views of the dev texts, [dev, view].
  let devTexts: Matrix
  /// The pool row of each dev text's molecule.
  let devAnswers: [Int]
  let devKeys: RankingTask.Keys
  /// The pairs by which hubs are told; nil when they are not held back.
  let references: ReferencePairs?

  /// Trains from `state` to the end; `save` is called after each epoch with the new state.
  func run(
    from initial: TrainingState, report: (TrainingEvent) -> Void,
    save: (TrainingState, TrainingEpochReport) throws -> Void
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
        groups: groups, batchSize: configuration.batchSize, seed: configuration.seed,
        epoch: state.epoch)
      var totals = EpochTotals()
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
      guard state.parameters.isFinite else {
        throw TrainingError.diverged(epoch: state.epoch, step: totals.steps)
      }
      let evaluation = try evaluateIfDue(&state, stepsInEpoch: totals.steps)
      let epochReport = TrainingEpochReport(
        epoch: state.epoch, loss: totals.meanLoss, learningRate: totals.learningRate,
        scale: AlignmentModel.scale(of: state.parameters),
        gradientNorm: totals.gradientNorm / Double(max(1, totals.steps)),
        pairsPerSecond: Double(totals.pairs) / max(trained, 1e-9),
        seconds: (clock.now - epochStart) / .seconds(1), dev: evaluation)
      try save(state, epochReport)
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
    var meanLoss: Float { Float(loss / Double(max(1, steps))) }
  }

  private func train(
    on batch: [Int], step: Int, steps: Int, state: inout TrainingState,
    totals: inout EpochTotals
  ) throws {
    var seed = FeatureHash(kind: configuration.seed)
    seed.combine(state.epoch)
    seed.combine(step)
    let result = ContrastiveStep(
      molecules: molecules.gatheringRows(batch), texts: texts.gatheringRows(batch),
      parameters: state.parameters, configuration: configuration, dropoutSeed: seed.key)
    let norm = GradientClipping.globalNorm(result.gradients)
    guard result.loss.isFinite, norm.isFinite else {
      throw TrainingError.diverged(epoch: state.epoch + 1, step: step + 1)
    }
    let rate = learningRate(epoch: state.epoch, step: step, stepsInEpoch: steps)
    state.optimizer.update(
      &state.parameters, gradients: result.gradients,
      gradientScale: GradientClipping.scale(
        norm: norm, maximum: Double(configuration.maximumGradientNorm)),
      learningRate: rate)
    limitScale(of: &state.parameters)
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
    where parameters.parameters[index].name == AlignmentModel.logScaleName
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

  private func evaluateIfDue(
    _ state: inout TrainingState, stepsInEpoch: Int
  ) throws(TrainingError) -> Evaluation? {
    let isLast = state.epoch == configuration.epochs
    guard isLast || state.epoch % configuration.evaluationInterval == 0 else { return nil }
    let kept = configuration.storage.rounded(state.parameters)
    let texts = Tower(modality: .text).encode(devTexts, parameters: kept)
    let pool = Tower(modality: .molecule).encode(pool, parameters: kept)
    let evaluation: Evaluation
    do throws(EvaluationError) {
      evaluation = try Evaluation(
        texts: texts, pool: pool, answers: devAnswers,
        offsets: references?.encoded(kept).offsets(
          texts: texts, pool: pool, keys: devKeys, configuration: configuration.hubness))
    } catch {
      // Finite weights can still be too large for their products.
      throw TrainingError.diverged(epoch: state.epoch, step: stepsInEpoch)
    }
    let bestSoFar = state.best?.evaluation.textToMolecule.mrr ?? -1
    if evaluation.textToMolecule.mrr > bestSoFar {
      state.best = TrainingState.Best(
        epoch: state.epoch, evaluation: evaluation, parameters: kept)
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
