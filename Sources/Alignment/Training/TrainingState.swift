import Foundation
import MoEBackbone
import Tensor

/// What a run must remember between epochs to end with the same weights after an interruption.
struct TrainingState: Sendable {
  /// Epochs finished.
  var epoch: Int
  var weights: NetworkWeights
  /// The parameters that are trained, by name, in order.
  let trained: [String]
  var optimizer: Optimizer
  /// The best dev MRR so far, the epoch it was reached in, and its weights.
  var best: Best?
  /// Evaluations since the best one.
  var evaluationsWithoutGain: Int

  struct Best: Sendable {
    let epoch: Int
    let evaluation: Evaluation
    let weights: NetworkWeights
  }

  /// Before the first epoch; `isTrained` says which parameters move.
  init(
    weights: NetworkWeights, configuration: TrainingConfiguration,
    isTrained: (String) -> Bool = { _ in true }
  ) {
    epoch = 0
    self.weights = weights
    let selected = weights.parameters.selecting(isTrained)
    trained = selected.parameters.map(\.name)
    optimizer = configuration.optimizer.initial(for: selected)
    best = nil
    evaluationsWithoutGain = 0
  }

  private struct Counters: Codable {
    let epoch: Int
    let optimizerStep: Int
    /// Steps of each group of a parameter, where they differ from the optimiser's.
    let groupSteps: [String: [Int]]
    let backbone: BackboneState?
    let evaluationsWithoutGain: Int
    let bestEpoch: Int?
    let bestEvaluation: Evaluation?
    let bestBackbone: BackboneState?

    /// A run that is over has a best epoch, and nothing counts backwards.
    func check(_ configuration: TrainingConfiguration) throws(JSONProblem) {
      for (field, value) in [
        ("epoch", epoch), ("optimizerStep", optimizerStep),
        ("evaluationsWithoutGain", evaluationsWithoutGain),
        ("groupSteps", groupSteps.values.lazy.flatMap { $0 }.min() ?? 0),
      ] where value < 0 {
        throw JSONProblem(field: field, words: "\(value) found, at least 0 expected")
      }
      let isOver = epoch >= configuration.epochs || evaluationsWithoutGain > 0
      if isOver && (bestEpoch == nil || bestEvaluation == nil) {
        throw JSONProblem(field: "bestEpoch", words: "missing")
      }
      let experts = configuration.backbone.shape.experts
      for (name, steps) in groupSteps where steps.count != experts {
        throw JSONProblem(
          field: "groupSteps.\(name)", words: "\(steps.count) found, \(experts) expected")
      }
    }
  }

  private static let countersKey = "counters"

  /// Writes the state so that the file at `path` is always whole: the old one or the new one.
  func save(to path: String) throws(CheckpointError) {
    var tensors: [String: StoredTensor] = [:]
    for parameter in weights.parameters.parameters {
      tensors["weights/" + parameter.name] = .float(parameter.value)
    }
    for parameter in best?.weights.parameters.parameters ?? [] {
      tensors["best/" + parameter.name] = .float(parameter.value)
    }
    var step = 0
    var groupSteps: [String: [Int]] = [:]
    switch optimizer {
    case .adamW(let state):
      step = state.step
      for (index, name) in trained.enumerated() {
        tensors["first/" + name] = .float(state.firstMoments[index])
        tensors["second/" + name] = .float(state.secondMoments[index])
        if !state.groupSteps[index].isEmpty { groupSteps[name] = state.groupSteps[index] }
      }
    case .lion(let state):
      for (index, name) in trained.enumerated() {
        tensors["first/" + name] = .float(state.moments[index])
      }
    }
    let counters = Counters(
      epoch: epoch, optimizerStep: step, groupSteps: groupSteps, backbone: weights.state,
      evaluationsWithoutGain: evaluationsWithoutGain, bestEpoch: best?.epoch,
      bestEvaluation: best?.evaluation, bestBackbone: best?.weights.state)
    guard let json = try? JSONEncoder().encode(counters) else {
      preconditionFailure("an evaluation's numbers are finite")
    }
    try CheckpointFile.write(
      tensors, metadata: [Self.countersKey: String(decoding: json, as: UTF8.self)], to: path)
  }

  /// Restores the state of a run that would begin like `fresh`.
  init(
    contentsOf path: String, fresh: TrainingState, shapes: [ParameterShape],
    configuration: TrainingConfiguration
  ) throws(SafetensorsError) {
    let reader = try SafetensorsReader(path: path)
    let counters: Counters
    do throws(JSONProblem) {
      counters = try JSONDecoder().decodeDescribed(
        Counters.self, from: Data((reader.metadata[Self.countersKey] ?? "").utf8))
      try counters.check(configuration)
      for state in [counters.backbone, counters.bestBackbone].compactMap({ $0 }) {
        guard fresh.weights.state?.fits(state) ?? false else {
          throw JSONProblem(field: "backbone", words: "routers of another shape")
        }
      }
      if (fresh.weights.state == nil) != (counters.backbone == nil) {
        throw JSONProblem(field: "backbone", words: "missing")
      }
    } catch {
      throw SafetensorsError(path: path, reason: .malformedHeader("counters: \(error.clause)"))
    }
    func load(
      _ prefix: String, _ isIncluded: (String) -> Bool = { _ in true }
    ) throws(SafetensorsError) -> ParameterSet {
      try ParameterSet(
        shapes.filter { isIncluded($0.name) }, from: reader, path: path, prefix: prefix)
    }
    trained = fresh.trained
    let names = Set(trained)
    epoch = counters.epoch
    weights = NetworkWeights(parameters: try load("weights/"), state: counters.backbone)
    let first = try load("first/", names.contains).parameters.map(\.value)
    switch configuration.optimizer.kind {
    case .adamW:
      optimizer = .adamW(
        AdamW(
          configuration: configuration.optimizer.adamW, step: counters.optimizerStep,
          firstMoments: first,
          secondMoments: try load("second/", names.contains).parameters.map(\.value),
          groupSteps: trained.map { counters.groupSteps[$0] ?? [] }))
    case .lion:
      optimizer = .lion(Lion(configuration: configuration.optimizer.lion, moments: first))
    }
    evaluationsWithoutGain = counters.evaluationsWithoutGain
    if let epoch = counters.bestEpoch, let evaluation = counters.bestEvaluation {
      best = Best(
        epoch: epoch, evaluation: evaluation,
        weights: NetworkWeights(parameters: try load("best/"), state: counters.bestBackbone))
    }
  }
}
