import Alignment
import Foundation
import Records
import Testing

@Suite struct TrainingRunTests {
  @Test func trainingLowersTheLossAndWritesACheckpoint() throws {
    let small = try SmallRun(epochs: 30)
    defer { small.remove() }
    var configuration = small.configuration
    configuration.patience = 100
    var losses: [Float] = []
    let evaluation = try small.run(configuration: configuration).train(resume: false) { event in
      if case .epoch(let report) = event { losses.append(report.loss) }
    }
    try #require(losses.count == 30)
    #expect(losses[29] < 0.5 * losses[0])
    #expect(evaluation.candidates == 48)
    #expect(evaluation.queries == 12)
    // Guessing would give an MRR of about 0.09.
    #expect(evaluation.textToMolecule.mrr > 0.4)
    let checkpoint = try Checkpoint(contentsOf: small.destination)
    #expect(checkpoint.evaluation == evaluation)
    #expect(checkpoint.model.dimension == 8)
    let history = try String(contentsOfFile: small.destination + "/metrics.jsonl", encoding: .utf8)
    #expect(history.split(separator: "\n").count == 30)
    #expect(!FileManager.default.fileExists(atPath: small.staging))
  }

  @Test func runInterruptedAfterAnyEpochEndsWithTheSameWeights() throws {
    let small = try SmallRun(epochs: 4)
    defer { small.remove() }
    // Each finished epoch leaves on disk what a killed process would leave.
    _ = try small.run().train(resume: false) { event in
      guard case .step(let step) = event, step.step == 1, step.epoch > 1 else { return }
      try? FileManager.default.copyItem(
        atPath: small.staging, toPath: small.folder + "/after\(step.epoch - 1).training")
    }
    let whole = try Data(
      contentsOf: URL(fileURLWithPath: small.destination + "/weights.safetensors"))
    for epoch in 1...3 {
      let destination = small.folder + "/after\(epoch)"
      var resumedFrom: Int?
      _ = try small.run(to: destination).train(resume: true) { event in
        if case .resumed(let finished) = event { resumedFrom = finished }
      }
      #expect(resumedFrom == epoch)
      let resumed = try Data(
        contentsOf: URL(fileURLWithPath: destination + "/weights.safetensors"))
      #expect(resumed == whole)
      let history = try String(contentsOfFile: destination + "/metrics.jsonl", encoding: .utf8)
      #expect(history.split(separator: "\n").count == 4)
    }
  }

  @Test func badRowsAreListedInOrderAndLeftOut() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let listed = small.destination + ".rejects.tsv"
    try "stale".write(toFile: listed, atomically: true, encoding: .utf8)
    let rows = try String(contentsOfFile: small.pairs, encoding: .utf8)
    try (rows + "X1\tbad\tC1CC\tC3\tA ring that never closes.\nX2\tshort\n").write(
      toFile: small.pairs, atomically: true, encoding: .utf8)
    var counted: (pairs: Int, rejected: Int, file: String?)?
    _ = try small.run().train(resume: false) { event in
      if case .dataRead(let pairs, _, _, let rejected, let file) = event {
        counted = (pairs, rejected, file)
      }
    }
    #expect(counted?.pairs == 48)
    #expect(counted?.rejected == 4)  // once as a pair, once in the pool
    #expect(counted?.file == listed)
    let rejects = try String(contentsOfFile: listed, encoding: .utf8).split(separator: "\n")
    let lines = rejects.dropFirst().map { $0.split(separator: "\t")[1] }
    #expect(lines == ["50", "51", "50", "51"])
    let error = #expect(throws: RejectedRowError.self) {
      try TrainingRun(
        files: TrainingFiles(
          pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: small.dev), pool: small.pairs),
        configuration: small.configuration, destination: small.folder + "/strict", isStrict: true
      ).train(resume: false) { _ in }
    }
    #expect(error?.row.line == 50)
  }

  @Test func strictReadingReportsARowOfTheWrongShapeTheSameWay() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let rows = try String(contentsOfFile: small.pairs, encoding: .utf8)
    try (rows + "X2\tshort\nX1\tbad\tC1CC\tC3\tA ring that never closes.\n").write(
      toFile: small.pairs, atomically: true, encoding: .utf8)
    let error = #expect(throws: RejectedRowError.self) {
      try TrainingRun(
        files: TrainingFiles(
          pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: small.dev), pool: small.pairs),
        configuration: small.configuration, destination: small.destination, isStrict: true
      ).train(resume: false) { _ in }
    }
    #expect(error?.row.line == 50)
    #expect(error?.row.reason == "expected 5 columns, found 2 columns")
  }

  @Test func pairsOfOneTextFormNoBatch() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let same = small.folder + "/same.tsv"
    try "id\tsmiles\ttext\n1\tCCO\tan alcohol\n2\tCCCO\tan alcohol\n".write(
      toFile: same, atomically: true, encoding: .utf8)
    #expect(throws: TrainingError.noBatch) {
      try TrainingRun(
        files: TrainingFiles(
          pairs: [PairsFile(path: same)], dev: PairsFile(path: small.dev), pool: small.pairs),
        configuration: small.configuration, destination: small.destination
      ).train(resume: false) { _ in }
    }
  }

  @Test func emptyOrMissingFilesAreNamed() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let header = small.folder + "/header.tsv"
    try "id\tsmiles\ttext\n".write(toFile: header, atomically: true, encoding: .utf8)
    func train(pairs: String, dev: String) throws {
      _ = try TrainingRun(
        files: TrainingFiles(
          pairs: [PairsFile(path: pairs)], dev: PairsFile(path: dev), pool: small.pairs),
        configuration: small.configuration, destination: small.folder + "/m\(UUID())"
      ).train(resume: false) { _ in }
    }
    #expect(throws: TrainingError.tooFewRows(file: header, found: 0, needed: 2)) {
      try train(pairs: header, dev: small.dev)
    }
    #expect(throws: TrainingError.tooFewRows(file: header, found: 0, needed: 2)) {
      try train(pairs: small.pairs, dev: header)
    }
    let lines = try String(contentsOfFile: small.dev, encoding: .utf8).split(separator: "\n")
    let single = small.folder + "/single.tsv"
    try (lines.prefix(2).joined(separator: "\n") + "\n").write(
      toFile: single, atomically: true, encoding: .utf8)
    #expect(throws: TrainingError.tooFewRows(file: single, found: 1, needed: 2)) {
      try train(pairs: small.pairs, dev: single)
    }
    #expect(throws: (any Error).self) { try train(pairs: "/nowhere.tsv", dev: small.dev) }
  }

  @Test func divergenceKeepsTheLastGoodState() throws {
    let small = try SmallRun(epochs: 3)
    defer { small.remove() }
    var wild = small.configuration
    wild.learningRate = 1e30
    wild.warmupShare = 0
    let error = #expect(throws: TrainingError.self) {
      try small.run(configuration: wild).train(resume: false) { _ in }
    }
    guard case .diverged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: small.destination))
  }
}
