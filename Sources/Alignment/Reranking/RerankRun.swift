import Digest
import Foundation
import Knowledge
import Records
import Tensor

/// The training of a re-ranker with its folder.
///
/// Work lies in `<out>.training`, which becomes `<out>` in one rename. What takes longest, the
/// candidates by first stages that have not seen the pairs, is kept there: a run that was killed
/// starts again from them when it has the same model, files and settings of that stage.
public struct RerankRun {
  /// The checkpoint's folder.
  public let model: String
  /// The files: as for the model's own training, of which `teachers`, `views` and `adaptation`
  /// are not read.
  public let files: TrainingFiles
  /// The settings.
  public let configuration: RerankConfiguration
  /// Where the re-ranker goes.
  public let destination: String
  /// Whether the first bad row stops the run.
  public let isStrict: Bool

  /// Describes a run; nothing happens yet.
  public init(
    model: String, files: TrainingFiles, configuration: RerankConfiguration, destination: String,
    isStrict: Bool = false
  ) {
    self.model = model
    self.files = files
    self.configuration = configuration
    self.destination = destination.hasSuffix("/") ? String(destination.dropLast()) : destination
    self.isStrict = isStrict
  }

  private var staging: String { destination + ".training" }

  /// Trains and writes the re-ranker; returns how the dev texts did without and with it.
  ///
  /// Deterministic by seed. The dev pairs choose the epoch.
  /// - Throws: ``CheckpointError``, ``ConfigurationError``, ``TrainingError``,
  ///   ``RejectedRowError``, and `RecordsError`, `KnowledgeError` or `DigestError` for files that
  ///   cannot be read.
  public func train(report: (RerankEvent) -> Void) throws -> RerankOutcome {
    try configuration.check()
    if FileManager.default.fileExists(atPath: destination) {
      throw CheckpointError(path: destination, reason: .alreadyExists)
    }
    let lock = try CheckpointFile.refusing(staging) { () throws(FileError) in
      try DurableFile.makeFolder(staging)
      return try FileLock(staging + "/lock")
    }
    guard let lock else { throw CheckpointError(path: staging, reason: .inUse) }
    return try withExtendedLifetime(lock) { try train(try Checkpoint(contentsOf: model), report) }
  }

  private func train(
    _ checkpoint: Checkpoint, _ report: (RerankEvent) -> Void
  ) throws -> RerankOutcome {
    let base = checkpoint.model
    guard let ridge = base.views.ridge,
      let reader = RerankReader(base, configuration: configuration)
    else { throw CheckpointError(path: model, reason: .noRidgeViews) }
    let heldOut = try CheckpointFile.reading(model) { () throws(SafetensorsError) in
      try StoredHeldOutViews.read(model + "/" + Checkpoint.heldOutFile, of: ridge)
    }
    let data = try readData(base, report)
    let groups = data.groups()
    let molecules = distinctMolecules(data, groups: groups)
    let dev = try RerankStage.dev.timed(report) {
      try DevRanking(data.dev, model: base, reader: reader, depth: configuration.depth)
    }
    let lists = try candidates(
      checkpoint, heldOut: heldOut, data: data, groups: groups, molecules: molecules, report)
    let network = RerankNetwork(configuration: configuration, widths: reader.widths)
    let trainer = RerankStage.tokens.timed(report) {
      RerankTrainer(
        network: network, texts: reader.texts(data.texts, heldOut: heldOut.texts),
        molecules: reader.molecules(molecules, heldOut: heldOut.molecules), lists: lists,
        pairedMolecules: (groups.map(\.molecule).max() ?? -1) + 1,
        isProse: data.texts.map { ReferencePairs.isProse($0.text) })
    }
    var best: (outcome: RerankOutcome, parameters: ParameterSet)?
    var start = ContinuousClock.now
    try trainer.run(
      progress: { report(.stage(.training, share: $0)) },
      finish: { epoch, parameters, losses in
        let with = dev.metrics(network: network, parameters: parameters)
        if with.mrr > best?.outcome.with.mrr ?? -1 {
          best = (RerankOutcome(without: dev.without, with: with, epoch: epoch), parameters)
        }
        report(
          .epoch(
            RerankEpochReport(
              epoch: epoch, epochs: configuration.epochs, loss: losses.with,
              lossWithout: losses.without,
              scale: exp(parameters[RerankNetwork.logScaleName][0, 0]), dev: with,
              seconds: (.now - start) / .seconds(1))))
        start = .now
      })
    guard let best else { preconditionFailure("every epoch is evaluated") }
    try Reranker.write(
      best.parameters, configuration: configuration, outcome: best.outcome,
      model: checkpoint.checksum, staging: staging, destination: destination)
    return best.outcome
  }

  private func readData(
    _ base: AlignmentModel, _ report: (RerankEvent) -> Void
  ) throws -> TrainingSet {
    let path = destination + ".rejects.tsv"
    try? FileManager.default.removeItem(atPath: path)
    let rejects = RejectsFile(path: path)
    let data = try RerankStage.reading.timed(report) {
      try TrainingSet.read(
        files, graph: try files.knowledge.map { try KnowledgeGraph.read(fromFolder: $0).graph },
        keepingGraphs: base.configuration.graphView.isEnabled, isStrict: isStrict,
        rejects: rejects
      ) { report(.stage(.reading, share: $0)) }
    }
    report(
      .dataRead(
        pairs: data.molecules.count, dev: data.dev.texts.count, pool: data.dev.pool.count,
        rejected: rejects.count, rejectsFile: rejects.count > 0 ? path : nil))
    return data
  }

  /// The pairs' molecules, numbered as in `groups`, then those of the pool that are no pair's.
  private func distinctMolecules(
    _ data: TrainingSet, groups: [PairGroups]
  ) -> [MoleculeFeatures] {
    var molecules: [MoleculeFeatures] = []
    var known: Set<UInt64> = []
    for (molecule, group) in zip(data.molecules, groups) where group.molecule == molecules.count {
      molecules.append(molecule)
      known.insert(molecule.contentKey)
    }
    for molecule in data.dev.pool where known.insert(molecule.contentKey).inserted {
      molecules.append(molecule)
    }
    return molecules
  }

  private func candidates(
    _ checkpoint: Checkpoint, heldOut: HeldOutViews, data: TrainingSet, groups: [PairGroups],
    molecules: [MoleculeFeatures], _ report: (RerankEvent) -> Void
  ) throws -> CandidateLists {
    let stored = StoredCandidates(
      folder: staging, model: checkpoint.checksum, configuration: configuration,
      inputs: try TrainingManifest(configuration: checkpoint.model.configuration, files: files)
        .inputs)
    var lists = stored.read(groups: groups, molecules: molecules.count)
    if lists == nil {
      let made = try RerankStage.candidates.timed(report) {
        try CrossFit(model: checkpoint.model, heldOut: heldOut, configuration: configuration)
          .lists(of: data, groups: groups, molecules: molecules) {
            report(.stage(.candidates, share: $0))
          }
      }
      try stored.write(made)
      lists = made
    }
    guard let lists, !lists.pairs.isEmpty else { throw TrainingError.noBatch }
    report(
      .candidates(
        pairs: lists.pairs.count, of: groups.count, ranks: RankingMetrics(ranks: lists.ranks)))
    return lists
  }
}

extension RerankStage {
  /// Does the stage's work and reports its start and end.
  fileprivate func timed<Result>(
    _ report: (RerankEvent) -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    report(.stage(self, share: 0))
    let result = try body()
    report(.stageFinished(self, seconds: (.now - start) / .seconds(1)))
    return result
  }
}

/// The dev texts, ranked by the first stage, ready to be ordered anew.
private struct DevRanking {
  let without: RankingMetrics
  private let ranks: [Int]
  private let answers: [Int]
  private let candidates: [[FirstStage.Candidate]]
  private let texts: RerankReader.Texts
  private let molecules: RerankReader.Molecules

  init(
    _ task: RankingTask, model: AlignmentModel, reader: RerankReader, depth: Int
  ) throws(EvaluationError) {
    let first = try FirstRanking(task, model: model, depth: depth)
    ranks = first.ranks
    without = RankingMetrics(ranks: ranks)
    var places: [Int: Int] = [:]
    var rows: [Int] = []
    for row in first.candidates.joined().map(\.row) + task.answers where places[row] == nil {
      places[row] = rows.count
      rows.append(row)
    }
    answers = task.answers.map { places[$0] ?? 0 }
    candidates = first.candidates.map { list in
      list.map { FirstStage.Candidate(row: places[$0.row] ?? 0, score: $0.score) }
    }
    texts = reader.texts(task.texts)
    molecules = reader.molecules(rows.map { task.pool[$0] })
  }

  func metrics(network: RerankNetwork, parameters: ParameterSet) -> RankingMetrics {
    RankingMetrics(
      ranks: Reranker.ranks(
        ranks, answers: answers, candidates: candidates,
        scores: Reranker.scores(
          texts: texts, of: Array(candidates.indices), molecules: molecules,
          candidates: candidates, network: network, parameters: parameters)))
  }
}
