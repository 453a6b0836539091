import Digest
import Foundation
import Tensor

extension Reranker {
  /// The newest format this version reads and the one it writes.
  public static let format = 1

  private static let manifestFile = "config.json"
  private static let weightsFile = "weights.safetensors"

  private struct Manifest: Codable {
    let format: Int
    /// The checksum of the model it belongs to.
    let model: String
    let configuration: RerankConfiguration
    let dev: RerankOutcome
    /// SHA-256 of every other file, in hexadecimal.
    let files: [String: String]
  }

  private struct Version: Decodable { let format: Int }

  /// Loads a re-ranker of a model, checking every file's SHA-256 and that it is this model's.
  ///
  /// - Throws: ``CheckpointError`` that says what is wrong.
  public init(contentsOf folder: String, for checkpoint: Checkpoint) throws(CheckpointError) {
    guard let data = try CheckpointFile.read(Self.manifestFile, in: folder) else {
      throw CheckpointError(path: folder, reason: .notFound)
    }
    let manifest = try Self.manifest(data, folder: folder)
    if manifest.model != checkpoint.checksum.hexadecimal {
      throw CheckpointError(
        path: folder,
        reason: .otherModel(found: checkpoint.checksum.hexadecimal, expected: manifest.model))
    }
    guard let expected = manifest.files[Self.weightsFile] else {
      throw CheckpointError(
        path: folder,
        reason: .malformedConfiguration("files: '\(Self.weightsFile)' is not listed"))
    }
    let path = folder + "/" + Self.weightsFile
    let found: String
    do throws(DigestError) {
      found = try SHA256Digest.ofFile(at: path).hexadecimal
    } catch {
      throw CheckpointError(path: folder, reason: .unreadable(file: Self.weightsFile, "\(error)"))
    }
    if found != expected {
      throw CheckpointError(
        path: folder,
        reason: .checksumMismatch(file: Self.weightsFile, found: found, expected: expected))
    }
    guard let reader = RerankReader(checkpoint.model, configuration: manifest.configuration)
    else { throw CheckpointError(path: folder, reason: .noRidgeViews) }
    let network = RerankNetwork(configuration: manifest.configuration, widths: reader.widths)
    let parameters = try CheckpointFile.reading(folder) { () throws(SafetensorsError) in
      try ParameterSet(
        network.parameterShapes, from: SafetensorsReader(path: path), path: path)
    }
    self.init(
      configuration: manifest.configuration, outcome: manifest.dev, network: network,
      parameters: parameters, model: checkpoint.model, reader: reader)
  }

  private static func manifest(
    _ data: Data, folder: String
  ) throws(CheckpointError) -> Manifest {
    let format: Int
    do throws(JSONProblem) {
      format = try JSONDecoder().decodeDescribed(Version.self, from: data).format
      if format == Self.format {
        let manifest = try JSONDecoder().decodeDescribed(Manifest.self, from: data)
        do throws(ConfigurationError) {
          try manifest.configuration.check()
        } catch {
          throw JSONProblem(field: "configuration.\(error.field)", words: error.detail)
        }
        return manifest
      }
    } catch {
      throw CheckpointError(path: folder, reason: .malformedConfiguration(error.clause))
    }
    throw CheckpointError(
      path: folder,
      reason: format > Self.format
        ? .newerFormat(found: format, supported: Self.format)
        : .malformedConfiguration("field 'format': \(format) found, \(Self.format) expected"))
  }

  /// Writes a re-ranker into `staging`, then renames that to `destination`.
  static func write(
    _ parameters: ParameterSet, configuration: RerankConfiguration, outcome: RerankOutcome,
    model: SHA256Digest, staging: String, destination: String
  ) throws(CheckpointError) {
    let path = staging + "/" + weightsFile
    try CheckpointFile.write(
      Dictionary(
        uniqueKeysWithValues: parameters.parameters.map { ($0.name, StoredTensor.float($0.value)) }),
      to: path)
    let checksum: String
    do throws(DigestError) {
      checksum = try SHA256Digest.ofFile(at: path).hexadecimal
    } catch {
      throw CheckpointError(path: staging, reason: .unreadable(file: weightsFile, "\(error)"))
    }
    try CheckpointFile.write(
      json: Manifest(
        format: format, model: model.hexadecimal, configuration: configuration, dev: outcome,
        files: [weightsFile: checksum]), to: staging + "/" + manifestFile)
    try CheckpointFile.refusing(destination) { () throws(FileError) in
      try DurableFile.rename(staging, to: destination)
    }
    for leftover in [StoredCandidates.file, "lock"] {
      try? FileManager.default.removeItem(atPath: destination + "/" + leftover)
    }
  }
}

/// The candidates of training pairs, kept while a run is not finished.
struct StoredCandidates {
  static let file = "candidates.safetensors"
  private static let keyName = "key"

  private let folder: String
  /// A digest of all that decides the candidates.
  private let key: String
  private let depth: Int

  init(
    folder: String, model: SHA256Digest, configuration: RerankConfiguration,
    inputs: [TrainingManifest.Input]
  ) {
    self.folder = folder
    depth = configuration.depth
    let words =
      [model.hexadecimal] + inputs.map { "\($0.role) \($0.domain ?? "") \($0.sha256)" }
      + [
        "\(configuration.folds) \(configuration.foldEpochs) \(configuration.depth)",
        "\(configuration.seed)",
      ]
    key = SHA256Digest.of(bytes: Array(words.joined(separator: "\n").utf8)).hexadecimal
  }

  func write(_ lists: CandidateLists) throws(CheckpointError) {
    try CheckpointFile.write(
      [
        "pairs": .unsigned(lists.pairs.map { UInt64($0) }),
        "molecules": .unsigned(lists.molecules.map { UInt64($0) }),
        "scores": .float(
          Matrix(rows: lists.pairs.count, columns: lists.length, values: lists.scores)),
      ], metadata: [Self.keyName: key], to: folder + "/" + Self.file)
  }

  /// The lists of a run with the same key; nil when there are none, or none that can be used.
  func read(groups: [PairGroups], molecules count: Int) -> CandidateLists? {
    guard let reader = try? SafetensorsReader(path: folder + "/" + Self.file),
      reader.metadata[Self.keyName] == key, let pairs = try? reader.unsigned("pairs"),
      let molecules = try? reader.unsigned("molecules"), let scores = try? reader.float("scores")
    else { return nil }
    let lists = CandidateLists(
      groups: groups, molecules: count, depth: depth, pairs: pairs.map { Int($0) },
      molecules: molecules.map { Int($0) }, scores: scores.values)
    guard lists.molecules.count == lists.pairs.count * lists.length,
      lists.scores.count == lists.molecules.count,
      lists.pairs.allSatisfy({ groups.indices.contains($0) }),
      lists.molecules.allSatisfy({ $0 < count })
    else { return nil }
    return lists
  }
}
