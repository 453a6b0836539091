import Foundation
import Tensor

/// What a run must remember between epochs to end with the same weights after an interruption.
struct TrainingState: Sendable {
  /// Epochs finished.
  var epoch: Int
  var parameters: ParameterSet
  var optimizer: AdamW
  /// The best dev MRR so far, the epoch it was reached in, and its weights.
  var best: Best?
  /// Evaluations since the best one.
  var evaluationsWithoutGain: Int

  struct Best: Sendable {
    let epoch: Int
    let evaluation: Evaluation
    let parameters: ParameterSet
  }

  init(parameters: ParameterSet, configuration: TrainingConfiguration) {
    epoch = 0
    self.parameters = parameters
    optimizer = AdamW(configuration: configuration.optimizer, parameters: parameters)
    best = nil
    evaluationsWithoutGain = 0
  }

  private struct Counters: Codable {
    let epoch: Int
    let optimizerStep: Int
    let evaluationsWithoutGain: Int
    let bestEpoch: Int?
    let bestEvaluation: Evaluation?

    /// A run that is over has a best epoch, and nothing counts backwards.
    func check(_ configuration: TrainingConfiguration) throws(JSONProblem) {
      for (field, value) in [
        ("epoch", epoch), ("optimizerStep", optimizerStep),
        ("evaluationsWithoutGain", evaluationsWithoutGain),
      ] where value < 0 {
        throw JSONProblem(field: field, words: "\(value) found, at least 0 expected")
      }
      let isOver = epoch >= configuration.epochs || evaluationsWithoutGain > 0
      if isOver && (bestEpoch == nil || bestEvaluation == nil) {
        throw JSONProblem(field: "bestEpoch", words: "missing")
      }
    }
  }

  private static let countersKey = "counters"

  /// Writes the state so that the file at `path` is always whole: the old one or the new one.
  func save(to path: String) throws(CheckpointError) {
    var tensors: [String: StoredTensor] = [:]
    for (index, parameter) in parameters.parameters.enumerated() {
      tensors["weights/" + parameter.name] = .float(parameter.value)
      tensors["first/" + parameter.name] = .float(optimizer.firstMoments[index])
      tensors["second/" + parameter.name] = .float(optimizer.secondMoments[index])
    }
    for parameter in best?.parameters.parameters ?? [] {
      tensors["best/" + parameter.name] = .float(parameter.value)
    }
    let counters = Counters(
      epoch: epoch, optimizerStep: optimizer.step,
      evaluationsWithoutGain: evaluationsWithoutGain, bestEpoch: best?.epoch,
      bestEvaluation: best?.evaluation)
    guard let json = try? JSONEncoder().encode(counters) else {
      preconditionFailure("an evaluation's numbers are finite")
    }
    try CheckpointFile.write(
      tensors, metadata: [Self.countersKey: String(decoding: json, as: UTF8.self)], to: path)
  }

  /// Restores a state of the given shapes.
  init(
    contentsOf path: String, shapes: [ParameterShape], configuration: TrainingConfiguration
  ) throws(SafetensorsError) {
    let reader = try SafetensorsReader(path: path)
    let counters: Counters
    do throws(JSONProblem) {
      counters = try JSONDecoder().decodeDescribed(
        Counters.self, from: Data((reader.metadata[Self.countersKey] ?? "").utf8))
      try counters.check(configuration)
    } catch {
      throw SafetensorsError(path: path, reason: .malformedHeader("counters: \(error.clause)"))
    }
    func load(_ prefix: String) throws(SafetensorsError) -> ParameterSet {
      try ParameterSet(shapes, from: reader, path: path, prefix: prefix)
    }
    epoch = counters.epoch
    parameters = try load("weights/")
    optimizer = AdamW(
      configuration: configuration.optimizer, step: counters.optimizerStep,
      firstMoments: try load("first/").parameters.map(\.value),
      secondMoments: try load("second/").parameters.map(\.value))
    evaluationsWithoutGain = counters.evaluationsWithoutGain
    if let epoch = counters.bestEpoch, let evaluation = counters.bestEvaluation {
      best = Best(epoch: epoch, evaluation: evaluation, parameters: try load("best/"))
    }
  }
}
