import Foundation
import Knowledge
import MoEBackbone
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
    let base = try files.adaptation.map { adaptation throws(CheckpointError) in
      try Checkpoint(contentsOf: adaptation.base).model
    }
    try base.map(checkAdaptation)
    let data = try readData(report)
    let groups = data.groups()
    if BatchPlan(groups: groups, batchSize: 2, seed: 0, epoch: 0).batches.isEmpty {
      throw TrainingError.noBatch
    }
    let stages = ViewStages(configuration: configuration, folder: folder)
    let fitted = try stages.views(
      of: data, groups: groups, lender: try lender(base: base), report)
    let views = fitted.views
    let network = AlignmentNetwork(configuration: configuration, widths: views.widths)
    let trainer = try trainer(data, groups: groups, fitted: fitted, network: network, report)
    let state = try trainer.run(
      from: try initialState(network, base: base, report), report: report, save: save)
    guard let best = state.best else { preconditionFailure("the last epoch is evaluated") }
    let model = AlignmentModel(
      configuration: configuration, views: views, weights: best.weights,
      hubReferences: base.map(\.hubReferences)
        ?? trainer.hubReferences(under: best.weights),
      driftReference: base?.storedDriftReference ?? trainer.driftReference(under: best.weights))
    try Checkpoint.finish(
      staging: folder.staging, destination: destination, model: model,
      evaluation: best.evaluation,
      card: ModelCard(
        name: URL(fileURLWithPath: destination).lastPathComponent, inputs: manifest.inputs,
        configuration: configuration, pairs: data.molecules.count, evaluation: best.evaluation,
        epoch: best.epoch, dataNotes: dataNotes
      ).text)
    folder.removeLeftovers(configuration)
    return best.evaluation
  }

  /// The model whose views are used, with its folder; nil when views are fitted.
  private func lender(
    base: AlignmentModel?
  ) throws -> (model: AlignmentModel, folder: String)? {
    if let base, let adaptation = files.adaptation { return (base, adaptation.base) }
    guard let path = files.views else { return nil }
    let model = try Checkpoint(contentsOf: path).model
    if let (field, mine, theirs) = configuration.firstDifferenceOfViews(from: model.configuration) {
      throw ConfigurationError(
        file: nil, field: field, detail: "\(mine) found, \(theirs) expected as in the views' model")
    }
    return (model, path)
  }

  /// An adapter is trained for the base as it is: everything that shapes it must be the same.
  private func checkAdaptation(_ base: AlignmentModel) throws(ConfigurationError) {
    func refuse(_ field: String, _ detail: String) -> ConfigurationError {
      ConfigurationError(file: nil, field: field, detail: detail)
    }
    guard base.configuration.backbone.isEnabled else {
      throw refuse("backbone.isEnabled", "the base model has no backbone, so no adapters")
    }
    if let (field, mine, theirs) = configuration.firstDifferenceOfShape(from: base.configuration) {
      throw refuse(field, "\(mine) found, \(theirs) expected as in the base model")
    }
  }

  // MARK: Stages

  private func readData(_ report: (TrainingEvent) -> Void) throws -> TrainingSet {
    let path = folder.rejects
    try? FileManager.default.removeItem(atPath: path)
    let rejects = RejectsFile(path: path)
    let set = try TrainingStage.reading.timed(report) {
      let graph = try files.knowledge.map { folder throws(KnowledgeError) in
        try KnowledgeGraph.read(fromFolder: folder).graph
      }
      return try TrainingSet.read(
        files, graph: graph, keepingGraphs: configuration.graphView.isEnabled,
        isStrict: isStrict, rejects: rejects
      ) {
        report(.stage(.reading, share: $0))
      }
    }
    report(
      .dataRead(
        pairs: set.molecules.count, dev: set.dev.texts.count, pool: set.dev.pool.count,
        rejected: rejects.count, rejectsFile: rejects.count > 0 ? path : nil))
    return set
  }

  private func trainer(
    _ data: TrainingSet, groups: [PairGroups], fitted: ViewStages.Result,
    network: AlignmentNetwork,
    _ report: (TrainingEvent) -> Void
  ) throws -> Trainer {
    try TrainingStage.projecting.timed(report) {
      let views = fitted.views
      var molecules = views.inputs(of: data.molecules)
      var texts = views.inputs(of: data.texts)
      if let heldOut = fitted.heldOut {
        molecules = molecules.replacingViews(
          heldOut.molecules.replacing(
            in: molecules.views, keys: data.molecules.map(\.contentKey)))
        texts = texts.replacingViews(
          heldOut.texts.replacing(in: texts.views, keys: data.texts.map(\.contentKey)))
      }
      return Trainer(
        network: network, molecules: molecules, texts: texts, groups: groups,
        knowledge: views.knowledge,
        dev: Trainer.RankingInputs(
          texts: views.inputs(of: data.dev.texts), pool: views.inputs(of: data.dev.pool),
          answers: data.dev.answers, keys: data.dev.keys),
        references: ReferencePairs(
          data, texts: texts, molecules: molecules, configuration: configuration),
        driftTexts: DriftTexts(data, texts: texts, configuration: configuration),
        teacher: try teacher(of: data))
    }
  }

  /// The pairs under the teachers, side by side: cosines are then the mean of the teachers'.
  private func teacher(of data: TrainingSet) throws(CheckpointError) -> Trainer.TeacherVectors? {
    var molecules: Matrix?
    var texts: Matrix?
    let share = 1 / Float(files.teachers.count).squareRoot()
    func join(_ left: Matrix?, _ right: Matrix) -> Matrix {
      let scaled = Matrix(
        rows: right.rows, columns: right.columns, values: right.values.map { share * $0 })
      return left.map { $0.appendingColumns(of: scaled) } ?? scaled
    }
    for path in files.teachers {
      let model = try Checkpoint(contentsOf: path).model
      molecules = join(molecules, model.encodeMolecules(features: data.molecules))
      texts = join(texts, model.encodeTexts(features: data.texts))
    }
    guard let molecules, let texts else { return nil }
    return Trainer.TeacherVectors(molecules: molecules, texts: texts)
  }

  // MARK: State

  private func initialState(
    _ network: AlignmentNetwork, base: AlignmentModel?, _ report: (TrainingEvent) -> Void
  ) throws(CheckpointError) -> TrainingState {
    let history = MetricsHistory(folder: folder.staging)
    let shapes = network.parameterShapes
    let fresh = TrainingState(
      weights: base?.weights
        ?? NetworkWeights(
          parameters: ParameterSet(shapes, seed: configuration.seed), state: network.initialState),
      configuration: configuration, isTrained: isTrained)
    guard FileManager.default.fileExists(atPath: folder.state) else {
      try history.truncate(toEpochs: 0)
      return fresh
    }
    let state = try CheckpointFile.reading(folder.staging) { () throws(SafetensorsError) in
      try TrainingState(
        contentsOf: folder.state, fresh: fresh, shapes: shapes, configuration: configuration)
    }
    try history.truncate(toEpochs: state.epoch)
    report(.resumed(epoch: state.epoch))
    return state
  }

  private func isTrained(_ parameter: String) -> Bool {
    files.adaptation.map { DomainAdapter.owns(parameter, domain: $0.domain) } ?? true
  }

  private func save(
    _ state: TrainingState, _ epoch: TrainingEpochReport, _ experts: [ExpertCapacitySnapshot]
  ) throws(CheckpointError) {
    try MetricsHistory(folder: folder.staging).append(epoch)
    for (block, snapshot) in experts.enumerated() {
      try folder.write(heatmap: snapshot, epoch: epoch.epoch, block: block)
    }
    try state.save(to: folder.state)
  }
}
