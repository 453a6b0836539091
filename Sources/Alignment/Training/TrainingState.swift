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
  }

  private static let countersKey = "counters"

  /// Writes the state so that the file at `path` is always whole: the old one or the new one.
  func save(to path: String) throws {
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
    let json = String(decoding: try JSONEncoder().encode(counters), as: UTF8.self)
    let temporary = path + ".new"
    try SafetensorsWriter.write(
      tensors, metadata: [Self.countersKey: json], to: temporary)
    try AtomicRename.replace(path, with: temporary)
  }

  /// Restores a state into the shapes of `template`.
  init(
    contentsOf path: String, template: ParameterSet, configuration: TrainingConfiguration
  ) throws {
    let reader = try SafetensorsReader(path: path)
    let counters = try JSONDecoder().decode(
      Counters.self, from: Data((reader.metadata[Self.countersKey] ?? "").utf8))
    func load(_ prefix: String) throws -> [Matrix] {
      try template.parameters.map { parameter in
        let value = try reader.float(prefix + parameter.name)
        guard value.rows == parameter.value.rows, value.columns == parameter.value.columns else {
          throw SafetensorsError(
            path: path,
            reason: .malformedTensor(
              name: prefix + parameter.name,
              "[\(value.rows), \(value.columns)] found, "
                + "[\(parameter.value.rows), \(parameter.value.columns)] expected"))
        }
        return value
      }
    }
    func filled(_ values: [Matrix]) -> ParameterSet {
      var set = template
      for (index, value) in values.enumerated() { set.parameters[index].value = value }
      return set
    }
    epoch = counters.epoch
    parameters = filled(try load("weights/"))
    optimizer = AdamW(
      configuration: configuration.optimizer, step: counters.optimizerStep,
      firstMoments: try load("first/"), secondMoments: try load("second/"))
    evaluationsWithoutGain = counters.evaluationsWithoutGain
    if let epoch = counters.bestEpoch, let evaluation = counters.bestEvaluation {
      best = Best(epoch: epoch, evaluation: evaluation, parameters: filled(try load("best/")))
    }
  }
}
