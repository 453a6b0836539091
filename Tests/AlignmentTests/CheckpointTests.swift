import Alignment
import Digest
import Foundation
import Molecule
import Tensor
import Testing

@Suite struct CheckpointTests {
  /// A trained checkpoint in a folder of its own.
  private func trained() throws -> SmallRun {
    let small = try SmallRun(epochs: 1)
    _ = try small.run().train(resume: false) { _ in }
    return small
  }

  @Test func loadedModelEncodesTheSameVectors() throws {
    let small = try trained()
    defer { small.remove() }
    let first = try Checkpoint(contentsOf: small.destination)
    let second = try Checkpoint(contentsOf: small.destination)
    let texts = ["a beta blocker", "an antibiotic", ""]
    #expect(first.model.encode(texts) == second.model.encode(texts))
    #expect(first.checksum == second.checksum)
    #expect(first.name == "model")
  }

  @Test func vectorsAreUnitAndIndependentOfBatchMates() throws {
    let small = try trained()
    defer { small.remove() }
    let model = try Checkpoint(contentsOf: small.destination).model
    let molecules = try ["CC(=O)Oc1ccccc1C(=O)O", "CCO", "c1ccccc1", "CN1CCC[C@H]1c1cccnc1"].map {
      try SMILESReader.read($0)
    }
    let together = model.encode(molecules)
    for (row, molecule) in molecules.enumerated() {
      let alone = model.encode([molecule])
      var length: Float = 0
      for column in 0..<model.dimension {
        #expect(abs(alone[0, column] - together[row, column]) < 1e-5)
        length += alone[0, column] * alone[0, column]
      }
      #expect(abs(length - 1) < 1e-4)
    }
  }

  @Test func nothingToEncodeGivesNoRows() throws {
    let small = try trained()
    defer { small.remove() }
    let model = try Checkpoint(contentsOf: small.destination).model
    #expect(model.encode([String]()).rows == 0)
    #expect(model.encode([MolecularGraph]()).rows == 0)
  }

  @Test func missingFolderIsNotFound() {
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: "/nowhere") }
    #expect(error?.reason == .notFound)
  }

  @Test(arguments: ["weights.safetensors", "text-view.safetensors", "metrics.jsonl", "run.json"])
  func damagedFileIsNamed(file: String) throws {
    let small = try trained()
    defer { small.remove() }
    let url = URL(fileURLWithPath: small.destination + "/" + file)
    var data = try Data(contentsOf: url)
    data[data.count / 2] ^= 0x40
    try data.write(to: url)
    let flipped = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    guard case .checksumMismatch(file, _, _) = flipped?.reason else {
      Issue.record("\(String(describing: flipped))")
      return
    }
    try data.prefix(data.count / 2).write(to: url)
    let truncated = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(truncated?.description.contains(file) == true)
    try FileManager.default.removeItem(at: url)
    let missing = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    guard case .unreadable(file, _) = missing?.reason else {
      Issue.record("\(String(describing: missing))")
      return
    }
  }

  @Test func newerFormatIsRefusedBySayingSo() throws {
    let small = try trained()
    defer { small.remove() }
    let path = small.destination + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"format\" : 3", with: "\"format\" : 4").write(
      toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(error?.reason == .newerFormat(found: 4, supported: 3))
  }

  @Test func olderFormatIsRefusedBySayingSo() throws {
    let small = try trained()
    defer { small.remove() }
    try replace("\"format\" : 3", with: "\"format\" : 1", in: small)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(error?.reason == .olderFormat(found: 1, supported: 3))
  }

  @Test(arguments: [
    ("\"format\" : 3", "\"format\" : 0", "field 'format': 0 found, 1 or more expected"),
    (
      "\"dimension\" : 8", "\"dimension\" : 9",
      "field 'dimension': 9 found, 8 (outputWidth) expected"
    ),
    ("\"dropout\" : 0.2", "\"dropout\" : 2", "field 'configuration.dropout': 0..<1 expected"),
    ("\"dropout\" : 0.2", "\"dropout\" : []", "field 'configuration.dropout': a number expected"),
    ("\"format\" : 3,", "", "field 'format': missing"),
    (
      "\"queries\" : 12", "\"queries\" : \"x\"",
      "field 'evaluation.queries': a whole number expected"
    ),
  ])
  func configurationOutOfRangeIsNamed(old: String, new: String, sentence: String) throws {
    let small = try trained()
    defer { small.remove() }
    try replace(old, with: new, in: small)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(error?.reason == .malformedConfiguration(sentence))
  }

  @Test func fieldThatTheConfigurationLeavesOutHasItsDefault() throws {
    let small = try trained()
    defer { small.remove() }
    try replace("\"patience\" : \(TrainingConfiguration().patience),", with: "", in: small)
    let model = try Checkpoint(contentsOf: small.destination).model
    #expect(model.configuration == small.configuration)
  }

  @Test func unreadableConfigurationIsNotAMissingCheckpoint() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: folder + "/config.json", withIntermediateDirectories: true)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: folder) }
    #expect(error?.reason == .unreadable(file: "config.json", "Is a directory"))
  }

  @Test func tensorOfAnotherShapeIsNamed() throws {
    let small = try trained()
    defer { small.remove() }
    let path = small.destination + "/weights.safetensors"
    let before = try SHA256Digest.ofFile(at: path).hexadecimal
    let reader = try SafetensorsReader(path: path)
    var tensors: [String: StoredTensor] = [:]
    for name in reader.names { tensors[name] = .float(try reader.float(name)) }
    tensors["text.hidden.bias"] = .float(Matrix(rows: 1, columns: 15))
    try SafetensorsWriter.write(tensors, to: path)
    try replace(before, with: SHA256Digest.ofFile(at: path).hexadecimal, in: small)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    #expect(
      error?.description.hasSuffix("'text.hidden.bias': [1, 15] found, [1, 16] expected") == true)
  }

  private func replace(_ old: String, with new: String, in small: SmallRun) throws {
    let path = small.destination + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test func configurationThatIsNoJSONIsMalformed() throws {
    let small = try trained()
    defer { small.remove() }
    try "{".write(
      toFile: small.destination + "/config.json", atomically: true, encoding: .utf8)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint(contentsOf: small.destination)
    }
    guard case .malformedConfiguration = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
