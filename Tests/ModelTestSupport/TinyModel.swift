package import Alignment
import Foundation
import MoEBackbone
import Tensor

/// A model of 16 numbers, trained in a moment and bad at chemistry.
///
/// Tests compare with its own vectors.
package struct TinyModel: Sendable {
  package let checkpoint: Checkpoint
  /// Where the checkpoint lies.
  package let folder: String

  /// The project's folder.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// The first rows of the shipped compounds, with the header.
  package static func compounds(_ count: Int) throws -> [String] {
    let text = try String(contentsOfFile: root + "/data/compounds.tsv", encoding: .utf8)
    return text.split(separator: "\n").prefix(count + 1).map(String.init)
  }

  /// Trains on the first compounds, inside a folder that is there; `hubness` is the weight, and with
  /// `experts` there is a backbone of two blocks.
  package init(
    compounds count: Int, batchSize: Int, seed: UInt64, hubness: Float = 0, experts: Int = 0,
    in folder: String
  ) throws {
    let pairs = folder + "/pairs.tsv"
    try (Self.compounds(count).joined(separator: "\n") + "\n").write(
      toFile: pairs, atomically: true, encoding: .utf8)
    var configuration = TrainingConfiguration()
    configuration.moleculeView.components = 16
    configuration.moleculeView.minimumDocumentFrequency = 1
    configuration.structureView.components = 8
    configuration.structureView.minimumDocumentFrequency = 1
    configuration.hubness.weight = hubness
    configuration.textView.components = 16
    configuration.textView.minimumDocumentFrequency = 1
    configuration.backbone.isEnabled = experts > 0
    if experts > 0 {
      configuration.backbone.shape.experts = experts
      configuration.backbone.shape.width = 8
      configuration.backbone.shape.expertWidth = 2
      configuration.backbone.shape.chosenExperts = 3
      configuration.backbone.shape.sharedExpertWidth = 4
      configuration.backbone.shape.mixingWidth = 4
      configuration.backbone.shape.adapterWidth = 2
    }
    configuration.hiddenWidth = 16
    configuration.outputWidth = 16
    configuration.batchSize = batchSize
    configuration.epochs = 1
    configuration.seed = seed
    self.folder = folder + "/tiny"
    let run = TrainingRun(
      files: TrainingFiles(
        pairs: [PairsFile(path: pairs)], dev: PairsFile(path: pairs), pool: pairs),
      configuration: configuration,
      destination: self.folder)
    _ = try run.train(resume: false) { _ in }
    checkpoint = try Checkpoint(contentsOf: self.folder)
  }
}
