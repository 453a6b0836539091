import Alignment
import Foundation

/// A temporary folder with a small training run on rows of the shipped corpus.
struct SmallRun {
  let folder: String
  let pairs: String
  let dev: String
  let configuration: TrainingConfiguration

  var destination: String { folder + "/model" }
  var staging: String { destination + ".training" }

  init(rows: Int = 48, epochs: Int = 3) throws {
    folder = FileManager.default.temporaryDirectory.path + "/ligature-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let corpus = try String(contentsOf: Self.corpus, encoding: .utf8)
    let lines = corpus.split(separator: "\n").prefix(rows + 1)
    pairs = folder + "/pairs.tsv"
    dev = folder + "/dev.tsv"
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: pairs, atomically: true, encoding: .utf8)
    try (lines.prefix(13).joined(separator: "\n") + "\n").write(
      toFile: dev, atomically: true, encoding: .utf8)
    configuration = try TrainingConfiguration(
      json: Data(
        """
        {"moleculeView": {"components": 16, "minimumDocumentFrequency": 2, "whitening": 0.3},
         "textView": {"components": 16, "minimumDocumentFrequency": 2, "whitening": 0.3},
         "structureView": {"components": 8, "minimumDocumentFrequency": 2, "whitening": 0.3},
         "ridge": {"isEnabled": false, "shape": {"textComponents": 6, "moleculeComponents": 5}},
         "hubness": {"references": 24, "neighbors": 3},
         "hiddenWidth": 16, "outputWidth": 8, "batchSize": 16, "epochs": \(epochs),
         "evaluationInterval": 1, "learningRate": 0.01, "dropout": 0.2}
        """.utf8))
  }

  static let corpus = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("data/compounds.tsv")

  func run(to destination: String? = nil, configuration: TrainingConfiguration? = nil)
    -> TrainingRun
  {
    TrainingRun(
      files: TrainingFiles(
        pairs: [PairsFile(path: pairs)], dev: PairsFile(path: dev), pool: pairs),
      configuration: configuration ?? self.configuration,
      destination: destination ?? self.destination)
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: folder)
  }
}
