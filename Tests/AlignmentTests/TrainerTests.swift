import Alignment
import Foundation
import Testing

@Suite struct TrainerTests {
  @Test func stoppingEarlySurvivesAnInterruption() throws {
    let small = try SmallRun(epochs: 9)
    defer { small.remove() }
    // Too small a rate to change a rank: only the first evaluation is a gain.
    var configuration = small.configuration
    configuration.learningRate = 1e-12
    configuration.patience = 2
    let other = small.folder + "/other"
    var epochs = 0
    var stops: [Int] = []
    _ = try small.run(configuration: configuration).train(resume: false) { event in
      if case .epoch = event { epochs += 1 }
      guard case .stoppedEarly(let epoch) = event else { return }
      stops.append(epoch)
      try? FileManager.default.copyItem(atPath: small.staging, toPath: other + ".training")
    }
    #expect(epochs == 3)
    #expect(stops == [3])
    _ = try small.run(to: other, configuration: configuration).train(resume: true) { event in
      if case .epoch = event { epochs += 1 }
      if case .stoppedEarly(let epoch) = event { stops.append(epoch) }
    }
    #expect(epochs == 3)
    #expect(stops == [3, 3])
    let weights = try [small.destination, other].map {
      try Data(contentsOf: URL(fileURLWithPath: $0 + "/weights.safetensors"))
    }
    #expect(weights[0] == weights[1])
  }

  @Test func bestWeightsAreKeptRatherThanTheLast() throws {
    let small = try SmallRun(epochs: 6)
    defer { small.remove() }
    // A rate that soon destroys what was learned.
    var configuration = small.configuration
    configuration.learningRate = 3
    configuration.warmupShare = 1
    configuration.patience = 100
    var reports: [Evaluation] = []
    let returned = try small.run(configuration: configuration).train(resume: false) { event in
      if case .epoch(let report) = event, let dev = report.dev { reports.append(dev) }
    }
    #expect(reports.count == 6)
    let best = try #require(
      reports.max { $0.textToMolecule.mrr < $1.textToMolecule.mrr })
    #expect(best.textToMolecule.mrr > (reports.last?.textToMolecule.mrr ?? 1))
    #expect(returned == best)
    let kept = try Evaluation(
      of: try Checkpoint(contentsOf: small.destination).model, pairs: PairsFile(path: small.dev),
      pool: small.pairs, reject: { _ in }, progress: { _ in })
    #expect(kept == best)
  }

  @Test(arguments: [(Float(1e30), 1), (3.4e38, 1), (3.4e38, 3)])
  func blowUpInAnEpochsOnlyUpdateIsFound(rate: Float, evaluationInterval: Int) throws {
    let small = try SmallRun(epochs: 3)
    defer { small.remove() }
    var wild = small.configuration
    wild.batchSize = 1000
    wild.learningRate = rate
    wild.warmupShare = 0
    wild.evaluationInterval = evaluationInterval
    #expect(throws: TrainingError.diverged(epoch: 1, step: 1)) {
      try small.run(configuration: wild).train(resume: false) { _ in }
    }
    #expect(!FileManager.default.fileExists(atPath: small.staging + "/state.safetensors"))
    #expect(!FileManager.default.fileExists(atPath: small.destination))
  }

  @Test func learnedScaleNeverExceedsItsMaximum() throws {
    let small = try SmallRun(epochs: 30)
    defer { small.remove() }
    var configuration = small.configuration
    configuration.initialTemperature = 1
    configuration.maximumScale = 1.2
    configuration.patience = 100
    var scales: [Float] = []
    _ = try small.run(configuration: configuration).train(resume: false) { event in
      if case .epoch(let report) = event { scales.append(report.scale) }
    }
    #expect(scales.count == 30)
    #expect(scales.allSatisfy { $0 <= 1.2 * 1.000001 })
    #expect(scales.contains { $0 > 1.199 })
  }
}
