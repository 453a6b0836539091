import Digest
import Foundation

/// What a training run was started with: a resumed run must match it.
struct TrainingManifest: Codable, Equatable {
  struct Input: Codable, Equatable {
    let role: String
    let name: String
    let sha256: String
  }

  let configuration: TrainingConfiguration
  let inputs: [Input]

  init(configuration: TrainingConfiguration, files: TrainingFiles) throws {
    self.configuration = configuration
    let listed =
      files.pairs.map { ("pairs", $0) } + [("dev", files.dev), ("pool", files.pool)]
    inputs = try listed.map { role, path in
      Input(
        role: role, name: URL(fileURLWithPath: path).lastPathComponent,
        sha256: try SHA256Digest.ofFile(at: path).hexadecimal)
    }
  }

  /// The first difference from another manifest, in words; nil when they agree.
  func difference(from other: TrainingManifest) -> String? {
    if configuration != other.configuration {
      return "the run was started with another configuration"
    }
    if inputs.count != other.inputs.count { return "the run was started with other files" }
    for (mine, theirs) in zip(inputs, other.inputs) where mine != theirs {
      return "\(mine.role) file \(mine.name) is not the \(theirs.name) the run was started with"
    }
    return nil
  }
}

/// The files of a training run.
public struct TrainingFiles: Sendable {
  /// Files of pairs: id, smiles, text.
  public let pairs: [String]
  /// Pairs for choosing the best epoch; never trained on.
  public let dev: String
  /// Molecules to rank: id, smiles.
  ///
  /// Their structures also help to fit the molecule view.
  public let pool: String

  /// Names the files.
  public init(pairs: [String], dev: String, pool: String) {
    self.pairs = pairs
    self.dev = dev
    self.pool = pool
  }
}
