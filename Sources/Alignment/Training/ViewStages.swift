import Foundation
import Knowledge
import Tensor
import TextEncoder

/// The stages of a run that fit what is not learned by gradients.
///
/// What an interrupted run has saved is read back; the rest is fitted and saved.
struct ViewStages {
  let configuration: TrainingConfiguration
  let folder: TrainingFolder

  /// The views for the pairs and the pool; those of `lender` when there is one.
  func views(
    of data: TrainingSet, lender: AlignmentModel?, _ report: (TrainingEvent) -> Void
  ) throws -> ModelViews {
    if let lender {
      try Checkpoint.write(lender.views, storage: configuration.storage, to: folder.staging)
      return ModelViews(
        fingerprint: lender.views.fingerprint, structure: lender.views.structure,
        lexical: lender.views.lexical, subwords: try subwords(of: data, report),
        knowledge: try knowledge(of: data, lexical: lender.views.lexical, report))
    }
    let molecules = data.molecules + data.dev.pool
    let fingerprint = try view(
      .moleculeView, file: Checkpoint.moleculeViewFile, of: molecules.map(\.substructures),
      configuration: configuration.moleculeView, report)
    let structure = try view(
      .structureView, file: Checkpoint.structureViewFile, of: molecules.map(\.words),
      configuration: configuration.structureView, report)
    let lexical = try view(
      .textView, file: Checkpoint.textViewFile, of: data.texts.map(\.lexical),
      configuration: configuration.textView, report)
    return ModelViews(
      fingerprint: fingerprint, structure: structure, lexical: lexical,
      subwords: try subwords(of: data, report),
      knowledge: try knowledge(of: data, lexical: lexical, report))
  }

  private func view(
    _ stage: TrainingStage, file: String, of items: [FeatureCounts],
    configuration: LatentProjection.Configuration, _ report: (TrainingEvent) -> Void
  ) throws -> LatentProjection {
    let path = folder.staging + "/" + file
    if FileManager.default.fileExists(atPath: path) {
      return try CheckpointFile.reading(folder.staging) { () throws(SafetensorsError) in
        try StoredView.read(path, storage: self.configuration.storage)
      }
    }
    return try stage.timed(report) {
      guard
        let fitted = LatentProjection(
          fitting: items, configuration: configuration, seed: self.configuration.seed,
          progress: { report(.stage(stage, share: $0)) })
      else {
        // Settings or files must change, and then no saved view fits: leave none in the way.
        for view in Checkpoint.viewFiles {
          try? FileManager.default.removeItem(atPath: folder.staging + "/" + view)
        }
        throw TrainingError.noFeatures(view: stage.rawValue)
      }
      let view = self.configuration.storage.rounded(fitted)
      try StoredView.write(view, storage: self.configuration.storage, to: path)
      return view
    }
  }

  private func subwords(
    of data: TrainingSet, _ report: (TrainingEvent) -> Void
  ) throws -> ModelViews.Subwords? {
    guard configuration.sequenceView.isEnabled else { return nil }
    let shape = configuration.sequenceView.shape
    let path = folder.staging + "/" + Checkpoint.subwordsFile
    let vocabulary: SubwordVocabulary
    if FileManager.default.fileExists(atPath: path) {
      vocabulary = try SubwordVocabulary.read(path)
    } else {
      vocabulary = TrainingStage.subwords.timed(report) {
        SubwordVocabulary(learnedFrom: data.texts.map(\.text), configuration: shape.vocabulary)
      }
      try vocabulary.write(to: path)
    }
    return ModelViews.Subwords(vocabulary: vocabulary, limit: shape.encoder.maximumLength)
  }

  private func knowledge(
    of data: TrainingSet, lexical: LatentProjection, _ report: (TrainingEvent) -> Void
  ) throws -> LinkedKnowledge? {
    guard configuration.knowledge.isEnabled else { return nil }
    guard let graph = data.graph else {
      throw ConfigurationError(
        file: nil, field: "knowledge.isEnabled", detail: "a knowledge graph is expected")
    }
    if !FileManager.default.fileExists(
      atPath: folder.staging + "/" + KnowledgeGraph.fileName)
    {
      try graph.write(toFolder: folder.staging)
    }
    return TrainingStage.knowledge.timed(report) {
      LinkedKnowledge(graph, lexical: lexical, configuration: configuration.knowledge.shape)
    }
  }
}
