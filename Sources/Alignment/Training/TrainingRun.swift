import Foundation
import Records
import Tensor

/// A training run with its folder: reading, views, epochs, checkpoint.
///
/// While it works, everything lies in `<out>.training`; when it is done that folder becomes the
/// checkpoint `<out>`. The fitted views and the state after every epoch are saved; reading and
/// projecting are repeated. A run killed at any moment resumes and ends with the same weights as
/// one left alone. Bad rows are listed in `<out>.rejects.tsv`.
public struct TrainingRun {
  /// The files to train on.
  public let files: TrainingFiles
  /// The settings.
  public let configuration: TrainingConfiguration
  /// Where the checkpoint goes.
  public let destination: String
  /// Whether the first bad row stops the run.
  public let isStrict: Bool
  /// What the model card says of the data's origin and licence, in Markdown.
  public let dataNotes: String?

  private var folder: TrainingFolder { TrainingFolder(destination: destination) }

  /// Describes a run; nothing happens yet.
  public init(
    files: TrainingFiles, configuration: TrainingConfiguration, destination: String,
    isStrict: Bool = false, dataNotes: String? = nil
  ) {
    self.files = files
    self.configuration = configuration
    self.destination = destination.hasSuffix("/") ? String(destination.dropLast()) : destination
    self.isStrict = isStrict
    self.dataNotes = dataNotes
  }

  /// Trains and writes the checkpoint; returns how the kept weights did on the dev pairs.
  ///
  /// With `resume`, a run that was interrupted goes on, a finished one is left as it is if it had
  /// the same settings and files, and a new one starts. Without it, what an earlier run saved is an
  /// error.
  /// - Throws: ``CheckpointError``, ``ConfigurationError``, ``TrainingError``,
  ///   ``RejectedRowError``, and `RecordsError` or `DigestError` for files that cannot be read.
  public func train(resume: Bool, report: (TrainingEvent) -> Void) throws -> Evaluation {
    try configuration.checkRanges()
    let manifest = try TrainingManifest(configuration: configuration, files: files)
    switch try folder.begin(manifest, resume: resume) {
    case .finished(let evaluation): return evaluation
    case .begun(let lock):
      return try withExtendedLifetime(lock) { try train(manifest, report) }
    }
  }

  private func train(
    _ manifest: TrainingManifest, _ report: (TrainingEvent) -> Void
  ) throws -> Evaluation {
    let data = try readData(report)
    let groups = data.groups()
    if BatchPlan(groups: groups, batchSize: 2, seed: 0, epoch: 0).batches.isEmpty {
      throw TrainingError.noBatch
    }
    let molecules = data.molecules + data.dev.pool
    let moleculeViews = MoleculeViews(
      fingerprint: try view(
        .moleculeView, file: Checkpoint.moleculeViewFile, of: molecules.map(\.substructures),
        configuration: configuration.moleculeView, report),
      structure: try view(
        .structureView, file: Checkpoint.structureViewFile, of: molecules.map(\.words),
        configuration: configuration.structureView, report))
    let textView = try view(
      .textView, file: Checkpoint.textViewFile, of: data.texts,
      configuration: configuration.textView, report)
    let trainer = project(
      data, groups: groups, moleculeViews: moleculeViews, textView: textView, report)

    let shapes = AlignmentModel.parameterShapes(
      configuration: configuration, moleculeWidth: moleculeViews.width, textWidth: textView.width)
    let state = try trainer.run(
      from: try initialState(shapes, report), report: report, save: save)
    guard let best = state.best else { preconditionFailure("the last epoch is evaluated") }
    let model = AlignmentModel(
      configuration: configuration, moleculeViews: moleculeViews, textView: textView,
      parameters: best.parameters,
      hubReferences: trainer.references?.encoded(best.parameters))
    try Checkpoint.finish(
      staging: folder.staging, destination: destination, model: model,
      evaluation: best.evaluation,
      card: ModelCard(
        name: URL(fileURLWithPath: destination).lastPathComponent, inputs: manifest.inputs,
        configuration: configuration, pairs: data.molecules.count, evaluation: best.evaluation,
        epoch: best.epoch, dataNotes: dataNotes
      ).text)
    folder.removeLeftovers()
    return best.evaluation
  }

  // MARK: Stages

  private func timed<Result>(
    _ stage: TrainingStage, _ report: (TrainingEvent) -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    report(.stage(stage, share: 0))
    let result = try body()
    report(.stageFinished(stage, seconds: (clock.now - start) / .seconds(1)))
    return result
  }

  private func readData(_ report: (TrainingEvent) -> Void) throws -> TrainingSet {
    let path = folder.rejects
    try? FileManager.default.removeItem(atPath: path)
    let rejects = RejectsFile(path: path)
    let set = try timed(.reading, report) {
      try TrainingSet.read(files, isStrict: isStrict, rejects: rejects) {
        report(.stage(.reading, share: $0))
      }
    }
    report(
      .dataRead(
        pairs: set.molecules.count, dev: set.dev.texts.count, pool: set.dev.pool.count,
        rejected: rejects.count, rejectsFile: rejects.count > 0 ? path : nil))
    return set
  }

  /// The saved view of an interrupted run, or a newly fitted one.
  private func view(
    _ stage: TrainingStage, file: String, of items: [FeatureCounts],
    configuration: LatentProjection.Configuration, _ report: (TrainingEvent) -> Void
  ) throws -> LatentProjection {
    let path = folder.staging + "/" + file
    if FileManager.default.fileExists(atPath: path) {
      return try reading { () throws(SafetensorsError) in
        try StoredView.read(path, storage: self.configuration.storage)
      }
    }
    return try timed(stage, report) {
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

  private func project(
    _ data: TrainingSet, groups: [PairGroups], moleculeViews: MoleculeViews,
    textView: LatentProjection,
    _ report: (TrainingEvent) -> Void
  ) -> Trainer {
    timed(.projecting, report) {
      let molecules = moleculeViews.views(of: data.molecules)
      let texts = textView.views(of: data.texts)
      return Trainer(
        configuration: configuration, molecules: molecules, texts: texts, groups: groups,
        pool: moleculeViews.views(of: data.dev.pool), devTexts: textView.views(of: data.dev.texts),
        devAnswers: data.dev.answers, devKeys: data.dev.keys,
        references: ReferencePairs(
          data, texts: texts, molecules: molecules, configuration: configuration))
    }
  }

  // MARK: State

  private func initialState(
    _ shapes: [ParameterShape], _ report: (TrainingEvent) -> Void
  ) throws(CheckpointError) -> TrainingState {
    let history = MetricsHistory(folder: folder.staging)
    guard FileManager.default.fileExists(atPath: folder.state) else {
      try history.truncate(toEpochs: 0)
      return TrainingState(
        parameters: AlignmentModel.initialParameters(shapes, seed: configuration.seed),
        configuration: configuration)
    }
    let state = try reading { () throws(SafetensorsError) in
      try TrainingState(
        contentsOf: folder.state, shapes: shapes, configuration: configuration)
    }
    try history.truncate(toEpochs: state.epoch)
    report(.resumed(epoch: state.epoch))
    return state
  }

  private func save(
    _ state: TrainingState, _ epoch: TrainingEpochReport
  ) throws(CheckpointError) {
    try MetricsHistory(folder: folder.staging).append(epoch)
    try state.save(to: folder.state)
  }

  /// Reads saved tensors; what is wrong with them is wrong with the training folder.
  private func reading<Result>(
    _ body: () throws(SafetensorsError) -> Result
  ) throws(CheckpointError) -> Result {
    do throws(SafetensorsError) {
      return try body()
    } catch {
      throw CheckpointError(path: folder.staging, reason: .malformedTensors("\(error)"))
    }
  }
}
