import Alignment
import Foundation
import Tensor
import Testing

@Suite struct TrainingFolderTests {
  private func refusal(_ run: TrainingRun, resume: Bool = true) -> CheckpointError? {
    #expect(throws: CheckpointError.self) { try run.train(resume: resume) { _ in } }
  }

  @Test func finishedRunIsKeptAndNeverOverwritten() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let evaluation = try small.run().train(resume: false) { _ in }
    let leftover = small.destination + "/state.safetensors"
    try "what a kill leaves".write(toFile: leftover, atomically: true, encoding: .utf8)
    #expect(try small.run().train(resume: true) { _ in } == evaluation)
    #expect(!FileManager.default.fileExists(atPath: leftover))
    #expect(!FileManager.default.fileExists(atPath: small.destination + "/lock"))
    #expect(refusal(small.run(), resume: false)?.reason == .alreadyExists)
  }

  @Test func finishedRunOfOtherSettingsOrFilesIsRefused() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    var changed = small.configuration
    changed.textView.components = 12
    #expect(
      refusal(small.run(configuration: changed))?.reason
        == .differentRun("the run was started with textView.components 16, not 12"))
    let twice = TrainingRun(
      files: TrainingFiles(
        pairs: [PairsFile(path: small.pairs), PairsFile(path: small.pairs)],
        dev: PairsFile(path: small.dev), pool: small.pairs),
      configuration: small.configuration, destination: small.destination)
    #expect(
      refusal(twice)?.reason == .differentRun("the run was started with 1 files of pairs, not 2"))
    let renamed = small.folder + "/renamed.tsv"
    try FileManager.default.copyItem(atPath: small.dev, toPath: renamed)
    let other = TrainingRun(
      files: TrainingFiles(
        pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: renamed), pool: small.pairs),
      configuration: small.configuration, destination: small.destination)
    #expect(
      refusal(other)?.reason
        == .differentRun("the run was started with the dev file dev.tsv, not renamed.tsv"))
    let lines = try String(contentsOfFile: small.dev, encoding: .utf8)
    try lines.replacing("beta", with: "gamma").write(
      toFile: small.dev, atomically: true, encoding: .utf8)
    #expect(
      refusal(small.run())?.reason
        == .differentRun("the dev file dev.tsv has changed since the run was started"))
  }

  @Test func leftoversOfAnotherRunAreRefused() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let other = small.folder + "/other"
    _ = try small.run().train(resume: false) { event in
      if case .stageFinished(.moleculeView, _) = event {
        try? FileManager.default.copyItem(atPath: small.staging, toPath: other + ".training")
      }
    }
    var changed = small.configuration
    changed.epochs = 2
    #expect(
      refusal(small.run(to: other, configuration: changed))?.description
        == "\(other).training: cannot resume: the run was started with epochs 1, not 2")
    #expect(refusal(small.run(to: other), resume: false)?.description.contains("--resume") == true)
    // The same run goes on with the view that is there.
    var fitted: [TrainingStage] = []
    _ = try small.run(to: other).train(resume: true) { event in
      if case .stageFinished(let stage, _) = event { fitted.append(stage) }
    }
    #expect(fitted == [.reading, .structureView, .textView, .projecting])
  }

  @Test(arguments: [false, true])
  func runThatFailedBeforeSavingDoesNotBlockTheNext(resume: Bool) throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let rows = try String(contentsOfFile: small.pairs, encoding: .utf8)
    try (rows + "X1\tbad\tC1CC\tC3\tA ring that never closes.\n").write(
      toFile: small.pairs, atomically: true, encoding: .utf8)
    let strict = TrainingRun(
      files: TrainingFiles(
        pairs: [PairsFile(path: small.pairs)], dev: PairsFile(path: small.dev), pool: small.pairs),
      configuration: small.configuration, destination: small.destination, isStrict: true)
    #expect(throws: RejectedRowError.self) { try strict.train(resume: resume) { _ in } }
    var rare = small.configuration
    rare.textView.minimumDocumentFrequency = 1000
    #expect(throws: TrainingError.noFeatures(view: "textView")) {
      try small.run(configuration: rare).train(resume: resume) { _ in }
    }
    _ = try small.run().train(resume: resume) { _ in }
    _ = try Checkpoint(contentsOf: small.destination)
  }

  @Test func foreignFolderIsLeftAlone() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    try FileManager.default.createDirectory(
      atPath: small.staging, withIntermediateDirectories: true)
    try "mine".write(toFile: small.staging + "/notes", atomically: true, encoding: .utf8)
    #expect(refusal(small.run())?.reason == .alreadyExists)
    #expect(try String(contentsOfFile: small.staging + "/notes", encoding: .utf8) == "mine")
  }

  @Test func secondProcessIsToldThatOneTrainsHere() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    var refusals: [CheckpointError.Reason?] = []
    _ = try small.run().train(resume: false) { event in
      if case .dataRead = event {
        refusals.append(refusal(small.run(), resume: false)?.reason)
        refusals.append(refusal(small.run(), resume: true)?.reason)
      }
    }
    #expect(refusals == [.inUse, .inUse])
  }

  @Test func whatTheSystemRefusesIsASentence() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let run = small.run(to: small.pairs + "/model")
    #expect(
      refusal(run)?.description
        == "\(small.pairs)/model.training: cannot be written: Not a directory")
  }
}
