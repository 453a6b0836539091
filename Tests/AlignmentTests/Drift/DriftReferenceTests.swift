import Foundation
import Tensor
import Testing

@testable import Alignment

@Suite struct DriftReferenceTests {
  @Test func trainedCheckpointHasAReferenceOfItsTexts() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    let reference = try #require(model.storedDriftReference)
    #expect(reference.sample.columns == model.dimension)
    #expect((1...DriftReference.sampleLimit).contains(reference.sample.rows))
    #expect(reference.seed != 0)
    for row in 0..<reference.sample.rows {
      let length = reference.sample.row(row).reduce(0) { $0 + $1 * $1 }
      #expect(abs(length - 1) < 1e-2)
    }
    let again = try Checkpoint(contentsOf: small.destination).model
    #expect(again.storedDriftReference == reference)
  }

  @Test func changedReferenceIsRefused() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let path = small.destination + "/" + Checkpoint.driftFile
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: small.destination) }
  }

  @Test func meanIsOfAllTextsAndTheSampleOfTheFirst() {
    let rows = DriftReference.sampleLimit + 500
    let texts = Matrix(
      rows: rows, columns: 2, values: (0..<rows).flatMap { [Float($0), 1] })
    let reference = DriftReference(texts: texts, seed: 3)
    #expect(reference.sample.rows == DriftReference.sampleLimit)
    #expect(reference.mean.values == [Float(rows - 1) / 2, 1])
  }
}
