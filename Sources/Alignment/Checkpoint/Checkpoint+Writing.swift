import Digest
import Foundation
import Tensor

extension Checkpoint {
  /// Completes a folder that already holds the views, the history and the run, then renames it.
  ///
  /// Nothing appears at `destination` before everything is on the disk.
  static func finish(
    staging folder: String, destination: String, model: AlignmentModel, evaluation: Evaluation,
    card: String
  ) throws(CheckpointError) {
    let storage = model.configuration.storage
    var weights: [String: StoredTensor] = [:]
    for parameter in model.parameters.parameters {
      weights.add(parameter.value, named: parameter.name, storage: storage)
    }
    try CheckpointFile.write(weights, to: folder + "/" + weightsFile)
    var optionalFiles: [String] = []
    if let references = model.hubReferences {
      try StoredReferences.write(
        references, storage: storage, to: folder + "/" + referencesFile)
      optionalFiles.append(referencesFile)
    }
    try CheckpointFile.write(json: evaluation, to: folder + "/" + metricsFile)
    try CheckpointFile.write(Data(card.utf8), to: folder + "/" + cardFile)

    let listed =
      viewFiles + [weightsFile, metricsFile, historyFile, cardFile, runFile] + optionalFiles
    var files: [String: String] = [:]
    for file in listed {
      do throws(DigestError) {
        files[file] = try SHA256Digest.ofFile(at: folder + "/" + file).hexadecimal
      } catch {
        throw CheckpointError(path: folder, reason: .unreadable(file: file, "\(error)"))
      }
    }
    let manifest = CheckpointManifest(
      format: format, name: URL(fileURLWithPath: destination).lastPathComponent,
      dimension: model.dimension, configuration: model.configuration, evaluation: evaluation,
      files: files)
    try CheckpointFile.write(json: manifest, to: folder + "/" + manifestFile)
    try CheckpointFile.refusing(destination) { () throws(FileError) in
      try DurableFile.rename(folder, to: destination)
    }
  }
}
