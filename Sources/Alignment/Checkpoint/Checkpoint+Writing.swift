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
    try StoredWeights.write(model.weights, storage: storage, to: folder + "/" + weightsFile)
    if let references = model.hubReferences {
      try StoredReferences.write(references, storage: storage, to: folder + "/" + referencesFile)
    }
    if let drift = model.storedDriftReference {
      try StoredDriftReference.write(drift, storage: storage, to: folder + "/" + driftFile)
    }
    try CheckpointFile.write(json: evaluation, to: folder + "/" + metricsFile)
    try CheckpointFile.write(Data(card.utf8), to: folder + "/" + cardFile)

    var listed = neededFiles(model.configuration)
    if model.storedDriftReference != nil { listed.append(driftFile) }
    listed += [metricsFile, historyFile, cardFile, runFile]
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

  /// Writes the views of a model that another one is made from.
  static func write(
    _ views: ModelViews, storage: CheckpointStorage, to folder: String
  ) throws(CheckpointError) {
    let files: [(LatentProjection?, String)] = [
      (views.fingerprint, moleculeViewFile), (views.structure, structureViewFile),
      (views.lexical, textViewFile), (views.ridge?.texts, ridgeViewFiles[0]),
      (views.ridge?.substructures, ridgeViewFiles[1]), (views.ridge?.words, ridgeViewFiles[2]),
    ]
    for case (let view?, let file) in files {
      try StoredView.write(view, storage: storage, to: folder + "/" + file)
    }
  }
}
