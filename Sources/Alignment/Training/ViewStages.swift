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

  /// What a run learns on.
  struct Result {
    let views: ModelViews
    /// Nil without ridge views.
    let heldOut: HeldOutViews?
  }

  /// The views for the pairs and the pool; those of `lender` when there is one.
  func views(
    of data: TrainingSet, groups: [PairGroups], lender: (model: AlignmentModel, folder: String)?,
    _ report: (TrainingEvent) -> Void
  ) throws -> Result {
    var result = try lender.map(borrowed) ?? fitted(to: data, groups: groups, report)
    result = Result(
      views: ModelViews(
        fingerprint: result.views.fingerprint, structure: result.views.structure,
        lexical: result.views.lexical, ridge: result.views.ridge,
        subwords: try subwords(of: data, report), knowledge: nil), heldOut: result.heldOut)
    guard configuration.knowledge.isEnabled else { return result }
    return Result(views: try linking(data, result.views, report), heldOut: result.heldOut)
  }

  private func borrowed(
    _ model: AlignmentModel, from lender: String
  ) throws(CheckpointError) -> Result {
    try Checkpoint.write(model.views, storage: configuration.storage, to: folder.staging)
    guard let ridge = model.views.ridge else { return Result(views: model.views, heldOut: nil) }
    let path = folder.staging + "/" + Checkpoint.heldOutFile
    guard let bytes = try CheckpointFile.read(Checkpoint.heldOutFile, in: lender) else {
      throw CheckpointError(
        path: lender, reason: .unreadable(file: Checkpoint.heldOutFile, "not there"))
    }
    try CheckpointFile.write(bytes, to: path)
    return Result(views: model.views, heldOut: try heldOut(path, of: ridge))
  }

  private func heldOut(
    _ path: String, of ridge: RidgeViews
  ) throws(CheckpointError) -> HeldOutViews {
    try CheckpointFile.reading(folder.staging) { () throws(SafetensorsError) in
      try StoredHeldOutViews.read(path, of: ridge)
    }
  }

  private func fitted(
    to data: TrainingSet, groups: [PairGroups], _ report: (TrainingEvent) -> Void
  ) throws -> Result {
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
    let ridge =
      try configuration.ridge.isEnabled
      ? ridge(
        of: data, groups: groups, fingerprint: fingerprint, structure: structure,
        lexical: lexical, report) : nil
    return Result(
      views: ModelViews(
        fingerprint: fingerprint, structure: structure,
        lexical: configuration.readsLexicalView ? lexical : nil, ridge: ridge?.views,
        subwords: nil, knowledge: nil), heldOut: ridge?.heldOut)
  }

  private func ridge(
    of data: TrainingSet, groups: [PairGroups], fingerprint: LatentProjection,
    structure: LatentProjection, lexical: LatentProjection, _ report: (TrainingEvent) -> Void
  ) throws -> (views: RidgeViews, heldOut: HeldOutViews) {
    let files = Checkpoint.ridgeViewFiles.map { folder.staging + "/" + $0 }
    let heldOutPath = folder.staging + "/" + Checkpoint.heldOutFile
    // The held-out views are written last.
    if FileManager.default.fileExists(atPath: heldOutPath) {
      let tables = try files.map { path throws(CheckpointError) in
        try CheckpointFile.reading(folder.staging) { () throws(SafetensorsError) in
          try StoredView.read(path, storage: configuration.storage)
        }
      }
      let views = RidgeViews(texts: tables[0], substructures: tables[1], words: tables[2])
      return (views, try heldOut(heldOutPath, of: views))
    }
    return try TrainingStage.ridgeViews.timed(report) {
      guard
        let fit = RidgeFit(configuration: configuration.ridge.shape, seed: configuration.seed)(
          data, groups: groups, fingerprint: fingerprint, structure: structure,
          lexical: lexical, progress: { report(.stage(.ridgeViews, share: $0)) })
      else {
        throw ConfigurationError(
          file: nil, field: "ridge.shape", detail: "a larger penalty is expected")
      }
      let storage = configuration.storage
      let views = RidgeViews(
        texts: storage.rounded(fit.views.texts),
        substructures: storage.rounded(fit.views.substructures),
        words: storage.rounded(fit.views.words))
      for (view, path) in zip([views.texts, views.substructures, views.words], files) {
        try StoredView.write(view, storage: storage, to: path)
      }
      try StoredHeldOutViews.write(fit.heldOut, to: heldOutPath)
      return (views, fit.heldOut)
    }
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

  private func linking(
    _ data: TrainingSet, _ views: ModelViews, _ report: (TrainingEvent) -> Void
  ) throws -> ModelViews {
    guard let graph = data.graph else {
      throw ConfigurationError(
        file: nil, field: "knowledge.isEnabled", detail: "a knowledge graph is expected")
    }
    if !FileManager.default.fileExists(atPath: folder.staging + "/" + KnowledgeGraph.fileName) {
      try graph.write(toFolder: folder.staging)
    }
    return TrainingStage.knowledge.timed(report) {
      views.linking(graph, configuration: configuration.knowledge.shape)
    }
  }
}
