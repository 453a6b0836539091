import Digest
import Foundation
import Tensor
import Testing

@testable import Alignment

@Suite struct CheckpointStorageTests {
  /// A run with 8-bit rows.
  private func compact(
    _ small: SmallRun, ridge: Bool = true
  ) -> TrainingConfiguration {
    var configuration = small.configuration
    configuration.storage = .compact
    configuration.ridge.isEnabled = ridge
    return configuration
  }

  private func size(of folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".safetensors") }
      .reduce(0) { $0 + (try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $1)).count) }
  }

  @Test func statedFiguresAreThoseOfTheStoredNumbers() throws {
    let small = try SmallRun(epochs: 8)
    defer { small.remove() }
    let stated = try small.run(configuration: compact(small)).train(resume: false) { _ in }
    let checkpoint = try Checkpoint(contentsOf: small.destination)
    #expect(checkpoint.evaluation == stated)
    let found = try Evaluation(
      of: checkpoint.model, pairs: PairsFile(path: small.dev), pool: small.pairs, reject: { _ in },
      progress: { _ in })
    #expect(found == stated)
    let model = checkpoint.model
    #expect(model.configuration.storage == .compact)
    #expect(CheckpointStorage.compact.rounded(model.weights.parameters) == model.weights.parameters)
    for view in [model.views.fingerprint, try #require(model.views.ridge).texts] {
      #expect(CheckpointStorage.compact.rounded(view).table == view.table)
    }
    let references = try #require(model.hubReferences)
    #expect(
      CheckpointStorage.compact.rounded(references.texts.vectors.widened())
        == references.texts.vectors)
  }

  @Test func compactCheckpointIsSmallerAndNearTheFullOne() throws {
    let small = try SmallRun(epochs: 8)
    defer { small.remove() }
    let other = small.folder + "/compact"
    _ = try small.run().train(resume: false) { _ in }
    _ = try small.run(to: other, configuration: compact(small, ridge: false)).train(resume: false) {
      _ in
    }
    #expect(try size(of: other) < size(of: small.destination))
    let texts = ["a beta blocker", "an antibiotic"]
    let full = try Checkpoint(contentsOf: small.destination).model.encode(texts)
    let rounded = try Checkpoint(contentsOf: other).model.encode(texts)
    for row in 0..<2 {
      let cosine = zip(full.row(row), rounded.row(row)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      #expect(cosine > 0.98)
    }
  }

  @Test func interruptedCompactRunEndsWithTheSameBytes() throws {
    let small = try SmallRun(epochs: 3)
    defer { small.remove() }
    let other = small.folder + "/other"
    _ = try small.run(configuration: compact(small)).train(resume: false) { event in
      guard case .step(let step) = event, step.step == 1, step.epoch == 2 else { return }
      try? FileManager.default.copyItem(atPath: small.staging, toPath: other + ".training")
    }
    _ = try small.run(to: other, configuration: compact(small)).train(resume: true) { _ in }
    for file in [
      "weights", "text-ridge-view", "molecule-view", "structure-view", "references", "held-out",
    ] {
      let bytes = try [small.destination, other].map {
        try Data(contentsOf: URL(fileURLWithPath: $0 + "/\(file).safetensors"))
      }
      #expect(bytes[0] == bytes[1], "\(file)")
    }
  }

  @Test func matrixInAnotherPrecisionIsNamed() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let path = small.destination + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("\"storage\" : \"full\""))
    try text.replacing("\"storage\" : \"full\"", with: "\"storage\" : \"compact\"").write(
      toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(
      error?.description.hasSuffix(
        "tensor 'table': F16, 2 dimensions found, I8, 2 dimensions expected") == true)
  }

  @Test func checkpointThatDoesNotSayIsFull() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let path = small.destination + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("\"storage\" : \"full\",", with: "").write(
      toFile: path, atomically: true, encoding: .utf8)
    let model = try Checkpoint(contentsOf: small.destination).model
    #expect(model.configuration == small.configuration)
  }
}
