import Alignment
import Foundation
import Tensor
import Testing

@Suite struct HubnessRunTests {
  private func files(_ folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder))
  }

  @Test func weightZeroLeavesNoTrace() throws {
    let small = try SmallRun(epochs: 2)
    defer { small.remove() }
    var off = small.configuration
    off.hubness.weight = 0
    _ = try small.run().train(resume: false) { _ in }
    let plain = small.folder + "/plain"
    _ = try small.run(to: plain, configuration: off).train(resume: false) { _ in }
    #expect(try files(small.destination).subtracting(files(plain)) == ["references.safetensors"])
    let model = try Checkpoint(contentsOf: plain).model
    let texts = ["a beta blocker", "an antibiotic"]
    #expect(model.storedDimension == model.dimension)
    #expect(model.encodeStored(texts) == model.encode(texts))
    let vectors = model.encode(texts)
    #expect(model.queries(vectors, isAcross: [true, false]) == vectors)
  }

  @Test func storedVectorIsTheUnitVectorAndItsOffset() throws {
    let small = try SmallRun(epochs: 2)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    let texts = ["a beta blocker", "an antibiotic"]
    let unit = model.encode(texts)
    let stored = model.encodeStored(texts)
    #expect(stored.columns == 9 && model.storedDimension == 9)
    for row in 0..<2 {
      #expect(Array(stored.row(row).prefix(8)) == Array(unit.row(row)))
      #expect(stored[row, 8].isFinite && stored[row, 8] != 0)
    }
    let queries = model.queries(unit, isAcross: [true, false])
    #expect(queries[0, 8] == 1 && queries[1, 8] == 0)
  }

  @Test func checkpointWithoutItsReferencesIsRefused() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let path = small.destination + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("references.safetensors", with: "other.safetensors").write(
      toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(
      error?.reason
        == .malformedConfiguration("files: 'references.safetensors' is not listed"))
  }
}
