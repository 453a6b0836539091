public import Digest
import Foundation
import Knowledge
import Tensor
import TextEncoder

/// A folder that holds a trained model, checked on loading.
///
/// config.json names every file with its SHA-256; its own SHA-256 is the checkpoint's checksum,
/// which therefore covers every byte.
public struct Checkpoint: Sendable {
  /// The newest format this version reads and the one it writes.
  public static let format = 3

  /// The model.
  public let model: AlignmentModel
  /// The SHA-256 of config.json.
  public let checksum: SHA256Digest
  /// How the model did on the dev pairs when it was trained.
  public let evaluation: Evaluation
  /// The model's name: that of its folder when it was written.
  public let name: String

  static let manifestFile = "config.json"
  static let viewFiles =
    [moleculeViewFile, structureViewFile, textViewFile] + ridgeViewFiles + [heldOutFile]
  static let weightsFile = "weights.safetensors"
  static let moleculeViewFile = "molecule-view.safetensors"
  static let structureViewFile = "structure-view.safetensors"
  static let textViewFile = "text-view.safetensors"
  /// There only with ridge views: of texts, and the summands of molecules.
  static let ridgeViewFiles = [
    "text-ridge-view.safetensors", "substructure-ridge-view.safetensors",
    "word-ridge-view.safetensors",
  ]
  /// Views of the training pairs, for training on them again; no part of the model.
  static let heldOutFile = "held-out.safetensors"
  /// There only with a sequence view.
  static let subwordsFile = "subwords.tsv"
  /// There only when hubs are held back.
  static let referencesFile = "references.safetensors"
  /// Missing in checkpoints that were made before there was one.
  static let driftFile = "drift-reference.safetensors"
  static let metricsFile = "metrics.json"
  static let historyFile = "metrics.jsonl"
  static let cardFile = "README.md"
  static let runFile = "run.json"

  /// Loads a checkpoint, checking every file's SHA-256.
  ///
  /// - Throws: ``CheckpointError`` that says which file is wrong and how.
  public init(contentsOf folder: String) throws(CheckpointError) {
    guard let data = try CheckpointFile.read(Self.manifestFile, in: folder) else {
      throw CheckpointError(path: folder, reason: .notFound)
    }
    let manifest = try CheckpointManifest(json: data, folder: folder)
    try Self.verify(manifest, in: folder)
    checksum = SHA256Digest.of(bytes: Array(data))
    evaluation = manifest.evaluation
    name = manifest.name
    model = try Self.readModel(
      manifest.configuration, hasDriftReference: manifest.files[Self.driftFile] != nil, in: folder)
  }

  /// The files that loading a model of the configuration needs.
  static func neededFiles(_ configuration: TrainingConfiguration) -> [String] {
    [weightsFile, moleculeViewFile, structureViewFile]
      + (configuration.readsLexicalView ? [textViewFile] : [])
      + (configuration.ridge.isEnabled ? ridgeViewFiles : [])
      + (configuration.hubness.weight > 0 ? [referencesFile] : [])
      + (configuration.sequenceView.isEnabled ? [subwordsFile] : [])
      + (configuration.knowledge.isEnabled ? [KnowledgeGraph.fileName] : [])
  }

  private static func verify(
    _ manifest: CheckpointManifest, in folder: String
  ) throws(CheckpointError) {
    let files = manifest.files
    for required in neededFiles(manifest.configuration) where files[required] == nil {
      throw CheckpointError(
        path: folder, reason: .malformedConfiguration("files: '\(required)' is not listed"))
    }
    for (file, expected) in files.sorted(by: { $0.key < $1.key }) {
      let found: String
      do throws(DigestError) {
        found = try SHA256Digest.ofFile(at: folder + "/" + file).hexadecimal
      } catch {
        throw CheckpointError(path: folder, reason: .unreadable(file: file, "\(error)"))
      }
      if found != expected {
        throw CheckpointError(
          path: folder,
          reason: .checksumMismatch(file: file, found: found, expected: expected))
      }
    }
  }

  private static func readModel(
    _ configuration: TrainingConfiguration, hasDriftReference: Bool, in folder: String
  ) throws(CheckpointError) -> AlignmentModel {
    let views = try readViews(configuration, in: folder)
    let network = AlignmentNetwork(configuration: configuration, widths: views.widths)
    return try CheckpointFile.reading(folder) { () throws(SafetensorsError) in
      AlignmentModel(
        configuration: configuration, views: views,
        weights: try StoredWeights.read(
          folder + "/" + weightsFile, of: network, storage: configuration.storage),
        hubReferences: configuration.hubness.weight > 0
          ? try StoredReferences.read(
            folder + "/" + referencesFile, dimension: configuration.outputWidth,
            storage: configuration.storage) : nil,
        driftReference: hasDriftReference
          ? try StoredDriftReference.read(
            folder + "/" + driftFile, dimension: configuration.outputWidth,
            storage: configuration.storage) : nil)
    }
  }

  private static func readViews(
    _ configuration: TrainingConfiguration, in folder: String
  ) throws(CheckpointError) -> ModelViews {
    func view(_ file: String) throws(CheckpointError) -> LatentProjection {
      try CheckpointFile.reading(folder) { () throws(SafetensorsError) in
        try StoredView.read(folder + "/" + file, storage: configuration.storage)
      }
    }
    var subwords: ModelViews.Subwords?
    if configuration.sequenceView.isEnabled {
      do throws(SubwordVocabularyError) {
        subwords = ModelViews.Subwords(
          vocabulary: try SubwordVocabulary.read(folder + "/" + subwordsFile),
          limit: configuration.sequenceView.shape.encoder.maximumLength)
      } catch {
        throw CheckpointError(path: folder, reason: .malformedPart("\(error)"))
      }
    }
    let views = ModelViews(
      fingerprint: try view(moleculeViewFile), structure: try view(structureViewFile),
      lexical: configuration.readsLexicalView ? try view(textViewFile) : nil,
      ridge: configuration.ridge.isEnabled
        ? RidgeViews(
          texts: try view(ridgeViewFiles[0]), substructures: try view(ridgeViewFiles[1]),
          words: try view(ridgeViewFiles[2])) : nil,
      subwords: subwords, knowledge: nil)
    guard configuration.knowledge.isEnabled else { return views }
    do throws(KnowledgeError) {
      return views.linking(
        try KnowledgeGraph.read(fromFolder: folder).graph,
        configuration: configuration.knowledge.shape)
    } catch {
      throw CheckpointError(path: folder, reason: .malformedPart("\(error)"))
    }
  }
}
