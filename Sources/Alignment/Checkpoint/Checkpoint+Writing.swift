import Digest
import Foundation
import Tensor

extension Checkpoint {
  /// Completes a folder that already holds the two views and the history, then renames it.
  ///
  /// Nothing appears at `destination` before everything is on disk.
  static func finish(
    staging folder: String, destination: String, model: AlignmentModel, evaluation: Evaluation,
    card: String
  ) throws {
    var weights: [String: StoredTensor] = [:]
    for parameter in model.parameters.parameters {
      weights[parameter.name] = .float(parameter.value)
    }
    try SafetensorsWriter.write(weights, to: folder + "/" + weightsFile)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(evaluation).write(to: URL(fileURLWithPath: folder + "/" + metricsFile))
    try Data(card.utf8).write(to: URL(fileURLWithPath: folder + "/" + cardFile))

    let listed = [weightsFile, moleculeViewFile, textViewFile, metricsFile, historyFile, cardFile]
    var files: [String: String] = [:]
    for file in listed {
      files[file] = try SHA256Digest.ofFile(at: folder + "/" + file).hexadecimal
    }
    let manifest = Manifest(
      format: format, name: URL(fileURLWithPath: destination).lastPathComponent,
      dimension: model.dimension, configuration: model.configuration, evaluation: evaluation,
      files: files)
    try encoder.encode(manifest).write(to: URL(fileURLWithPath: folder + "/" + manifestFile))
    try AtomicRename.replace(destination, with: folder)
  }
}
