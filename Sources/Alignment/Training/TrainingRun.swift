import Foundation
import Records
import Tensor

/// A training run with its folder: reading, views, epochs, checkpoint.
///
/// While it works, everything lies in `<out>.training`; when it is done that folder becomes the
/// checkpoint `<out>`. Each stage's result is saved before the next begins, so that a run killed
/// at any moment resumes and ends with the same weights as one left alone.
public struct TrainingRun {
  /// The files to train on.
  public let files: TrainingFiles
  /// The settings.
  public let configuration: TrainingConfiguration
  /// Where the checkpoint goes.
  public let destination: String
  /// Whether the first bad row stops the run.
  public let isStrict: Bool

  private static let manifestFile = "run.json"
  private static let stateFile = "state.safetensors"
  private static let rejectsFile = "rejects.tsv"

  private var staging: String { destination + ".training" }

  /// Describes a run; nothing happens yet.
  public init(
    files: TrainingFiles, configuration: TrainingConfiguration, destination: String,
    isStrict: Bool = false
  ) {
    self.files = files
    self.configuration = configuration
    self.destination = destination.hasSuffix("/") ? String(destination.dropLast()) : destination
    self.isStrict = isStrict
  }

  /// Trains and writes the checkpoint; returns how the kept weights did on the dev pairs.
  ///
  /// With `resume`, a run that was interrupted goes on, a finished one is left as it is, and a new
  /// one starts. Without it, leftovers of an earlier run are an error.
  /// - Throws: ``CheckpointError``, ``TrainingError``, `RecordsError`, ``RejectedRowError``.
  public func train(resume: Bool, report: (TrainingEvent) -> Void) throws -> Evaluation {
    let manifest = try TrainingManifest(configuration: configuration, files: files)
    if try isFinished(resume: resume) {
      return try Checkpoint(contentsOf: destination).evaluation
    }
    try prepareFolder(manifest, resume: resume)
    let data = try readData(report)
    let moleculeView = try view(
      .moleculeView, file: Checkpoint.moleculeViewFile, of: data.molecules + data.dev.pool,
      configuration: configuration.moleculeView, report)
    let textView = try view(
      .textView, file: Checkpoint.textViewFile, of: data.texts,
      configuration: configuration.textView, report)
    let trainer = project(data, moleculeView: moleculeView, textView: textView, report)

    let fresh = AlignmentModel.initialParameters(
      configuration: configuration, moleculeWidth: moleculeView.width, textWidth: textView.width)
    let state = try trainer.run(
      from: try initialState(fresh, report), report: report, save: save)
    guard let best = state.best else { preconditionFailure("the last epoch is evaluated") }
    let model = AlignmentModel(
      configuration: configuration, moleculeView: moleculeView, textView: textView,
      parameters: best.parameters)
    try finish(
      model, best: best,
      card: ModelCard.text(
        name: URL(fileURLWithPath: destination).lastPathComponent, inputs: manifest.inputs,
        configuration: configuration, pairs: data.molecules.count, evaluation: best.evaluation,
        epoch: best.epoch))
    return best.evaluation
  }

  // MARK: Folder

  private func isFinished(resume: Bool) throws -> Bool {
    guard FileManager.default.fileExists(atPath: destination) else { return false }
    if !resume { throw CheckpointError(path: destination, reason: .alreadyExists) }
    return true
  }

  private func prepareFolder(_ manifest: TrainingManifest, resume: Bool) throws {
    let path = staging + "/" + Self.manifestFile
    if let data = FileManager.default.contents(atPath: path) {
      if !resume {
        throw CheckpointError(
          path: staging,
          reason: .differentRun(
            "an interrupted run lies here: continue it with --resume, or remove the folder"))
      }
      let found = try JSONDecoder().decode(TrainingManifest.self, from: data)
      if let difference = found.difference(from: manifest) {
        throw CheckpointError(path: staging, reason: .differentRun(difference))
      }
      return
    }
    do {
      try FileManager.default.createDirectory(
        atPath: staging, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(manifest).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CheckpointError(path: staging, reason: .notWritten("\(error)"))
    }
  }

  private func finish(
    _ model: AlignmentModel, best: TrainingState.Best, card: String
  ) throws {
    try Checkpoint.finish(
      staging: staging, destination: destination, model: model, evaluation: best.evaluation,
      card: card)
    for leftover in [Self.manifestFile, Self.stateFile] {
      try? FileManager.default.removeItem(atPath: destination + "/" + leftover)
    }
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
    let path = staging + "/" + Self.rejectsFile
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
    let path = staging + "/" + file
    if FileManager.default.fileExists(atPath: path) { return try StoredView.read(path) }
    return try timed(stage, report) {
      guard
        let view = LatentProjection(
          fitting: items, configuration: configuration, seed: self.configuration.seed,
          progress: { report(.stage(stage, share: $0)) })
      else { throw TrainingError.noFeatures(view: stage.rawValue) }
      try StoredView.write(view, to: path)
      return view
    }
  }

  private func project(
    _ data: TrainingSet, moleculeView: LatentProjection, textView: LatentProjection,
    _ report: (TrainingEvent) -> Void
  ) -> Trainer {
    timed(.projecting, report) {
      Trainer(
        configuration: configuration, molecules: moleculeView.views(of: data.molecules),
        texts: data.rawTexts, textView: textView, groups: data.groups(),
        pool: moleculeView.views(of: data.dev.pool), devTexts: textView.views(of: data.dev.texts),
        devAnswers: data.dev.answers)
    }
  }

  // MARK: State

  private func initialState(
    _ fresh: ParameterSet, _ report: (TrainingEvent) -> Void
  ) throws -> TrainingState {
    let path = staging + "/" + Self.stateFile
    let history = MetricsHistory(path: staging + "/" + Checkpoint.historyFile)
    guard FileManager.default.fileExists(atPath: path) else {
      try history.truncate(toEpochs: 0)
      return TrainingState(parameters: fresh, configuration: configuration)
    }
    let state = try TrainingState(
      contentsOf: path, template: fresh, configuration: configuration)
    try history.truncate(toEpochs: state.epoch)
    report(.resumed(epoch: state.epoch))
    return state
  }

  private func save(_ state: TrainingState, _ epoch: TrainingEpochReport) throws {
    try MetricsHistory(path: staging + "/" + Checkpoint.historyFile).append(epoch)
    try state.save(to: staging + "/" + Self.stateFile)
  }
}
