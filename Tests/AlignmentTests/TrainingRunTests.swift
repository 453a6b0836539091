import Alignment
import Foundation
import Records
import Testing

@Suite struct TrainingRunTests {
  @Test func trainingLowersTheLossAndWritesACheckpoint() throws {
    let small = try SmallRun(epochs: 30)
    defer { small.remove() }
    var losses: [Float] = []
    let evaluation = try small.run().train(resume: false) { event in
      if case .epoch(let report) = event { losses.append(report.loss) }
    }
    #expect(losses.count == 30)
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

  @Test func finishedRunIsKeptAndNeverOverwritten() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let evaluation = try small.run().train(resume: false) { _ in }
    #expect(try small.run().train(resume: true) { _ in } == evaluation)
    let error = #expect(throws: CheckpointError.self) {
      try small.run().train(resume: false) { _ in }
    }
    #expect(error?.reason == .alreadyExists)
  }

  @Test func leftoversOfAnotherRunAreRefused() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { event in
      if case .dataRead = event {
        try? FileManager.default.copyItem(
          atPath: small.staging, toPath: small.folder + "/other.training")
      }
    }
    let other = small.folder + "/other"
    var changed = small.configuration
    changed.epochs = 2
    for (run, resume) in [
      (small.run(to: other), false), (small.run(to: other, configuration: changed), true),
    ] {
      let error = #expect(throws: CheckpointError.self) { try run.train(resume: resume) { _ in } }
      guard case .differentRun = error?.reason else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func badRowsAreListedAndLeftOut() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: small.pairs))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("X1\tbad\tC1CC\tC3\tA ring that never closes.\n".utf8))
    try handle.close()
    var counted: (pairs: Int, rejected: Int, file: String?)?
    _ = try small.run().train(resume: false) { event in
      if case .dataRead(let pairs, _, _, let rejected, let file) = event {
        counted = (pairs, rejected, file)
      }
    }
    #expect(counted?.pairs == 48)
    #expect(counted?.rejected == 2)  // once as a pair, once in the pool
    let rejects = try String(
      contentsOfFile: small.destination + "/rejects.tsv", encoding: .utf8)
    #expect(rejects.contains("\t50\tsmiles\t"))
    #expect(throws: RejectedRowError.self) {
      try TrainingRun(
        files: TrainingFiles(pairs: [small.pairs], dev: small.dev, pool: small.pairs),
        configuration: small.configuration, destination: small.folder + "/strict", isStrict: true
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
        files: TrainingFiles(pairs: [pairs], dev: dev, pool: small.pairs),
        configuration: small.configuration, destination: small.folder + "/m\(UUID())"
      ).train(resume: false) { _ in }
    }
    #expect(throws: TrainingError.tooFewRows(file: header, found: 0, needed: 2)) {
      try train(pairs: header, dev: small.dev)
    }
    #expect(throws: TrainingError.tooFewRows(file: header, found: 0, needed: 1)) {
      try train(pairs: small.pairs, dev: header)
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
