import Alignment
import Digest
import Foundation
import Molecule
import Testing

/// Re-rankers as folders: trained, loaded, refused.
@Suite struct RerankRunTests {
  private let small: SmallRun
  private let base: TrainingConfiguration

  init() throws {
    small = try SmallRun(epochs: 1)
    base = try TrainingConfiguration(
      json: Data("{\"ridge\": {\"isEnabled\": true}}".utf8), over: small.configuration)
    _ = try small.run(configuration: base).train(resume: false) { _ in }
  }

  private var folder: String { small.folder + "/rerank" }

  private static var configuration: RerankConfiguration {
    var configuration = RerankConfiguration()
    configuration.width = 8
    configuration.heads = 2
    configuration.hiddenWidth = 8
    configuration.textTokens = 6
    configuration.moleculeTokens = 6
    configuration.depth = 10
    configuration.negatives = 4
    configuration.batchTexts = 8
    configuration.epochs = 2
    configuration.folds = 2
    configuration.foldEpochs = 1
    return configuration
  }

  private func run(
    to destination: String? = nil, change: (inout RerankConfiguration) -> Void = { _ in }
  ) -> RerankRun {
    var configuration = Self.configuration
    change(&configuration)
    return RerankRun(
      model: small.destination,
      files: TrainingFiles(
        pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: small.dev), pool: small.pairs),
      configuration: configuration, destination: destination ?? folder)
  }

  private func evaluate(_ reranker: Reranker?, _ model: AlignmentModel) throws -> Evaluation {
    try Evaluation(
      of: model, reranker: reranker, pairs: PairsFile(path: small.dev), pool: small.pairs,
      reject: { _ in }, progress: { _ in })
  }

  @Test func evaluationRepeatsTheFiguresOfTraining() throws {
    defer { small.remove() }
    var epochs: [Int] = []
    let outcome = try run {
      $0.depth = 48
      $0.learningRate = 0.1
    }.train { event in
      if case .epoch(let report) = event { epochs.append(report.epoch) }
    }
    #expect(epochs == [1, 2])
    let checkpoint = try Checkpoint(contentsOf: small.destination)
    let reranker = try Reranker(contentsOf: folder, for: checkpoint)
    #expect(reranker.outcome == outcome)
    #expect(reranker.depth == 48)
    let without = try evaluate(nil, checkpoint.model)
    let with = try evaluate(reranker, checkpoint.model)
    #expect(without.textToMolecule == outcome.without)
    #expect(with.textToMolecule == outcome.with)
    #expect(with.moleculeToText == without.moleculeToText)
    #expect(with.textToMolecule != without.textToMolecule)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == [
        "config.json", "weights.safetensors",
      ])
  }

  @Test func scoresDoNotDependOnOtherCandidates() throws {
    defer { small.remove() }
    _ = try run().train { _ in }
    let checkpoint = try Checkpoint(contentsOf: small.destination)
    let reranker = try Reranker(contentsOf: folder, for: checkpoint)
    let molecules = try ["CC(=O)Oc1ccccc1C(=O)O", "CCO", "C", "CN1CCC[C@H]1c1cccnc1"].map {
      try SMILESReader.read($0)
    }
    let first: [Float] = [0.3, 0.25, 0.2, 0.1]
    let text = "an analgesic that inhibits cyclooxygenase"
    let together = reranker.scores(of: text, molecules: molecules, scores: first)
    #expect(together != first)
    for (place, molecule) in molecules.enumerated() {
      #expect(
        reranker.scores(of: text, molecules: [molecule], scores: [first[place]])
          == [together[place]])
    }
    #expect(reranker.scores(of: text, molecules: [], scores: []).isEmpty)
    #expect(reranker.scores(of: "", molecules: molecules, scores: first).count == 4)
  }

  @Test func killedRunStartsAgainFromItsCandidates() throws {
    defer { small.remove() }
    let other = small.folder + "/other"
    _ = try run().train { event in
      if case .candidates = event {
        try? FileManager.default.createDirectory(
          atPath: other + ".training", withIntermediateDirectories: false)
        try? FileManager.default.copyItem(
          atPath: folder + ".training/candidates.safetensors",
          toPath: other + ".training/candidates.safetensors")
      }
    }
    var stages: Set<RerankStage> = []
    _ = try run(to: other).train { event in
      if case .stage(let stage, _) = event { stages.insert(stage) }
    }
    #expect(!stages.contains(.candidates) && stages.contains(.training))
    let weights = try [folder, other].map {
      try Data(contentsOf: URL(fileURLWithPath: $0 + "/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])
  }

  @Test func candidatesOfOtherSettingsAreFoundAgain() throws {
    defer { small.remove() }
    let other = small.folder + "/other"
    _ = try run().train { event in
      if case .candidates = event {
        try? FileManager.default.createDirectory(
          atPath: other + ".training", withIntermediateDirectories: false)
        try? FileManager.default.copyItem(
          atPath: folder + ".training/candidates.safetensors",
          toPath: other + ".training/candidates.safetensors")
      }
    }
    var stages: Set<RerankStage> = []
    _ = try run(to: other) { $0.seed += 1 }.train { event in
      if case .stage(let stage, _) = event { stages.insert(stage) }
    }
    #expect(stages.contains(.candidates))
  }

  @Test func rerankerOfAnotherModelIsRefused() throws {
    defer { small.remove() }
    _ = try run().train { _ in }
    var settings = base
    settings.seed += 1
    let second = small.folder + "/second"
    _ = try small.run(to: second, configuration: settings).train(resume: false) { _ in }
    let checkpoint = try Checkpoint(contentsOf: second)
    let error = #expect(throws: CheckpointError.self) {
      try Reranker(contentsOf: folder, for: checkpoint)
    }
    #expect(
      error?.reason
        == .otherModel(
          found: checkpoint.checksum.hexadecimal,
          expected: try Checkpoint(contentsOf: small.destination).checksum.hexadecimal))
  }

  @Test func damagedFolderIsRefusedBySayingHow() throws {
    defer { small.remove() }
    _ = try run().train { _ in }
    let checkpoint = try Checkpoint(contentsOf: small.destination)
    func refusal() -> CheckpointError.Reason? {
      #expect(throws: CheckpointError.self) {
        try Reranker(contentsOf: folder, for: checkpoint)
      }?.reason
    }
    let weights = URL(fileURLWithPath: folder + "/weights.safetensors")
    let good = try Data(contentsOf: weights)
    var flipped = good
    flipped[good.count / 2] ^= 1
    try flipped.write(to: weights)
    guard case .checksumMismatch("weights.safetensors", _, _) = refusal() else {
      Issue.record("a flipped bit")
      return
    }
    try good.write(to: weights)
    let path = folder + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (old, new, expected) in [
      (
        "\"format\" : 1", "\"format\" : 2",
        CheckpointError.Reason.newerFormat(found: 2, supported: 1)
      ),
      (
        "\"heads\" : 2", "\"heads\" : 3",
        .malformedConfiguration("field 'configuration.heads': 3 found, a divisor of 8 expected")
      ),
      ("\"format\" : 1,", "", .malformedConfiguration("field 'format': missing")),
    ] {
      #expect(text.contains(old))
      try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(refusal() == expected)
    }
    #expect(
      #expect(throws: CheckpointError.self) {
        try Reranker(contentsOf: small.folder + "/nowhere", for: checkpoint)
      }?.reason == .notFound)
  }

  @Test func modelWithoutRidgeViewsAndTakenPlacesAreRefused() throws {
    defer { small.remove() }
    let path = small.folder + "/plain"
    _ = try small.run(to: path).train(resume: false) { _ in }
    let unfit = RerankRun(
      model: path, files: run().files, configuration: Self.configuration, destination: folder)
    let error = #expect(throws: CheckpointError.self) { try unfit.train { _ in } }
    #expect(error?.reason == .noRidgeViews)
    let taken = #expect(throws: CheckpointError.self) {
      try run(to: small.destination).train { _ in }
    }
    #expect(taken?.reason == .alreadyExists)
  }

  @Test(arguments: [
    ("{\"width\": 0}", "width", "0 found, 1...65536 expected"),
    ("{\"heads\": 5}", "heads", "5 found, a divisor of 32 expected"),
    ("{\"dropout\": 1}", "dropout", "1.0 found, 0..<1 expected"),
    ("{\"epochs\": \"x\"}", "epochs", "a whole number expected"),
    ("[]", "", "a JSON object is expected"),
  ])
  func settingsOutOfRangeAreNamed(json: String, field: String, detail: String) throws {
    defer { small.remove() }
    let path = small.folder + "/rerank.json"
    try json.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: ConfigurationError.self) {
      try RerankConfiguration(contentsOf: path)
    }
    #expect(error?.file == path)
    #expect(error?.field == field)
    #expect(error?.detail == detail)
    try "{\"depht\": 1}".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      #expect(throws: ConfigurationError.self) { try RerankConfiguration(contentsOf: path) }?.field
        == "depht")
  }
}
