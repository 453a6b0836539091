import Alignment
import Foundation
import Knowledge
import MoEBackbone
import Tensor
import Testing

/// A run with every part of the model enabled, on rows of the shipped corpus and a small graph.
@Suite struct WholeModelTests {
  private let small: SmallRun
  private let knowledge: String

  init() throws {
    small = try SmallRun(epochs: 2)
    knowledge = small.folder + "/graph"
    let graph = KnowledgeGraph(
      terms: [
        KnowledgeTerm(
          id: "T:1", name: "ethanol", definition: "An alcohol of two carbons.",
          structure: "CCO"),
        KnowledgeTerm(id: "T:2", name: "alcohol", definition: "A compound with a hydroxy group."),
        KnowledgeTerm(id: "T:3", name: "receptor", synonyms: ["binding site"]),
      ],
      relations: ["is_a"], edges: [KnowledgeGraph.Edge(subject: 0, relation: 0, object: 1)])
    try graph.write(toFolder: knowledge)
  }

  private static let everything = """
    {"ridge": {"isEnabled": true},
     "graphView": {"isEnabled": true, "shape": {"width": 8, "layers": 1, "hiddenWidth": 8,
       "heads": 2}},
     "sequenceView": {"isEnabled": true, "shape": {"vocabulary": {"size": 400},
       "encoder": {"width": 8, "layers": 1, "hiddenWidth": 8, "heads": 2, "maximumLength": 24}}},
     "backbone": {"isEnabled": true, "shape": {"width": 8, "blocks": 2, "experts": 16,
       "expertWidth": 2, "chosenExperts": 3, "sharedExperts": 1, "sharedExpertWidth": 4,
       "mixingWidth": 4, "adapterWidth": 2, "routing": "productKeys"}},
     "knowledge": {"isEnabled": true, "shape": {"termWidth": 6, "width": 6, "heads": 2,
       "headWidth": 3, "circuitLayers": 1}},
     "hardNegatives": {"startShare": 0.5, "groupSize": 4}}
    """

  private func configuration(
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> TrainingConfiguration {
    var configuration = try TrainingConfiguration(
      json: Data(Self.everything.utf8), over: small.configuration)
    change(&configuration)
    return configuration
  }

  private func run(
    _ configuration: TrainingConfiguration, to destination: String? = nil,
    knowledge: String? = nil, change: (inout TrainingFiles) -> Void = { _ in }
  ) -> TrainingRun {
    var files = TrainingFiles(
      pairs: [PairsFile(path: small.pairs, domain: .clinical)], dev: PairsFile(path: small.dev),
      pool: small.pairs, knowledge: knowledge ?? self.knowledge)
    change(&files)
    return TrainingRun(
      files: files, configuration: configuration, destination: destination ?? small.destination)
  }

  private static let texts = [
    "ethanol is an alcohol", "a beta blocker for hypertension", "binding site",
  ]

  @Test func checkpointGivesTheEvaluationOfTraining() throws {
    defer { small.remove() }
    var reports: [TrainingEpochReport] = []
    let returned = try run(try configuration()).train(resume: false) { event in
      if case .epoch(let report) = event { reports.append(report) }
    }
    let checkpoint = try Checkpoint(contentsOf: small.destination)
    let again = try Evaluation(
      of: checkpoint.model, pairs: PairsFile(path: small.dev), pool: small.pairs,
      reject: { _ in }, progress: { _ in })
    #expect(again == returned)
    #expect(reports.map { $0.experts?.count } == [2, 2])
    let experts = try #require(reports.last?.experts?.first)
    #expect(experts.utilization.count == 16)
    #expect(abs(experts.utilization.reduce(0, +) - 1) < 1e-9)
    #expect((0...1).contains(experts.entropy))
    #expect(experts.stepEntropies.count > 1)
    #expect(experts.stepEntropies.max() == experts.highestEntropy)
    for epoch in 1...2 {
      let picture = small.destination + "/heatmaps/epoch-\(epoch)-block-2.svg"
      #expect(try String(contentsOfFile: picture, encoding: .utf8).hasSuffix("</svg>"))
    }
    let activity = try #require(checkpoint.model.expertActivity)
    #expect(activity.counts[0].capacity.tokens > 0)
    #expect(try #require(activity.counts[0].entropy) > 0)
  }

  @Test(arguments: ["adamW", "lion"])
  func interruptedRunEndsWithTheSameWeights(optimizer: String) throws {
    defer { small.remove() }
    let configuration = try configuration {
      $0.optimizer.kind = optimizer == "lion" ? .lion : .adamW
      $0.learningRate = optimizer == "lion" ? 1e-3 : 1e-2
    }
    let other = small.folder + "/other"
    _ = try run(configuration).train(resume: false) { event in
      if case .epoch(let report) = event, report.epoch == 1 {
        try? FileManager.default.copyItem(atPath: small.staging, toPath: other + ".training")
      }
    }
    var resumed = 0
    _ = try run(configuration, to: other).train(resume: true) { event in
      if case .resumed(let epoch) = event { resumed = epoch }
    }
    #expect(resumed == 1)
    let weights = try [small.destination, other].map {
      try Data(contentsOf: URL(fileURLWithPath: $0 + "/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])
  }

  @Test func batchesInChunksTrainAsWell() throws {
    defer { small.remove() }
    var losses: [[Float]] = []
    for chunk in [0, 5] {
      let configuration = try configuration {
        $0.gradientCacheChunk = chunk
        $0.dropout = 0
        $0.defaultDomainShare = 0
        $0.epochs = 1
      }
      var found: [Float] = []
      _ = try run(configuration, to: small.folder + "/m\(chunk)").train(resume: false) { event in
        if case .step(let step) = event { found.append(step.loss) }
      }
      losses.append(found)
    }
    #expect(losses[0].count > 1)
    #expect(zip(losses[0], losses[1]).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func adapterOfOneDomainLeavesTheOthersAsTheyWere() throws {
    defer { small.remove() }
    _ = try run(try configuration()).train(resume: false) { _ in }
    let base = try Checkpoint(contentsOf: small.destination).model
    let adapted = small.folder + "/adapted"
    var settings = base.configuration
    settings.hardNegatives.startShare = 1
    settings.defaultDomainShare = 0
    _ = try run(settings, to: adapted) {
      $0.adaptation = TrainingFiles.Adaptation(base: small.destination, domain: "clinical")
    }.train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: adapted).model
    let (before, after) = (base.encode(Self.texts), model.encode(Self.texts))
    #expect(before == after)
    let clinical = [base, model].map { $0.encode(Self.texts, domain: .clinical) }
    #expect(clinical[0] != clinical[1])
    let toxicology = [base, model].map { $0.encode(Self.texts, domain: .toxicology) }
    #expect(toxicology[0] == toxicology[1])
    #expect(model.trainedShare(ofDomain: .clinical) < 0.05)
  }

  @Test func adapterForAnotherShapeIsRefused() throws {
    defer { small.remove() }
    _ = try run(try configuration { $0.epochs = 1 }).train(resume: false) { _ in }
    var wider = try configuration()
    wider.outputWidth = 9
    let error = #expect(throws: ConfigurationError.self) {
      try run(wider, to: small.folder + "/adapted") {
        $0.adaptation = TrainingFiles.Adaptation(base: small.destination, domain: "clinical")
      }.train(resume: false) { _ in }
    }
    #expect(error?.field == "outputWidth")
  }

  @Test func teachersSimilaritiesChangeTheWeights() throws {
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    var weights: [Data] = []
    for (name, teachers) in [("alone", []), ("taught", [small.destination])] {
      let out = small.folder + "/" + name
      _ = try run(try configuration { $0.epochs = 1 }, to: out) { $0.teachers = teachers }
        .train(resume: false) { _ in }
      weights.append(
        try Data(contentsOf: URL(fileURLWithPath: out + "/weights.safetensors")))
    }
    #expect(weights[0] != weights[1])
  }

  @Test func viewsOfAnotherModelAreTakenOver() throws {
    defer { small.remove() }
    let settings = try TrainingConfiguration(
      json: Data(#"{"ridge": {"isEnabled": true}}"#.utf8),
      over: small.configuration)
    _ = try small.run(configuration: settings).train(resume: false) { _ in }
    let out = small.folder + "/second"
    var stages: Set<TrainingStage> = []
    _ = try run(try configuration { $0.epochs = 1 }, to: out) { $0.views = small.destination }
      .train(resume: false) { event in
        if case .stage(let stage, _) = event { stages.insert(stage) }
      }
    #expect(stages.isDisjoint(with: [.moleculeView, .structureView, .textView, .ridgeViews]))
    for view in ["molecule", "structure", "text-ridge", "substructure-ridge", "word-ridge"] {
      let files = try [small.destination, out].map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(view)-view.safetensors"))
      }
      #expect(files[0] == files[1])
    }
    var wider = try configuration()
    wider.textView.components = 17
    let error = #expect(throws: ConfigurationError.self) {
      try run(wider, to: small.folder + "/third") { $0.views = small.destination }
        .train(resume: false) { _ in }
    }
    #expect(error?.field == "textView.components")
  }

  @Test func damagedGraphOrVocabularyIsRefused() throws {
    defer { small.remove() }
    _ = try run(try configuration { $0.epochs = 1 }).train(resume: false) { _ in }
    let graph = try Data(contentsOf: URL(fileURLWithPath: knowledge + "/graph.kg"))
    try graph.dropLast(3).write(to: URL(fileURLWithPath: knowledge + "/graph.kg"))
    #expect(throws: KnowledgeError.self) {
      try run(try configuration(), to: small.folder + "/again").train(resume: false) { _ in }
    }
    for file in ["graph.kg", "subwords.tsv"] {
      let path = small.destination + "/" + file
      let good = try Data(contentsOf: URL(fileURLWithPath: path))
      try good.dropLast(1).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: CheckpointError.self) {
        try Checkpoint(contentsOf: small.destination)
      }
      #expect(error?.description.contains(file) == true)
      try good.write(to: URL(fileURLWithPath: path))
    }
    _ = try Checkpoint(contentsOf: small.destination)
  }

  @Test func knowledgeWithoutAGraphIsRefused() throws {
    defer { small.remove() }
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingRun(
        files: TrainingFiles(
          pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: small.dev),
          pool: small.pairs),
        configuration: try configuration(), destination: small.destination
      ).train(resume: false) { _ in }
    }
    #expect(error?.field == "knowledge.isEnabled")
  }
}
