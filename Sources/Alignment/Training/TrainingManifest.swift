import Digest
import Foundation

/// What a training run was started with: a resumed run must match it.
struct TrainingManifest: Encodable, Equatable {
  struct Input: Codable, Equatable {
    let role: String
    let name: String
    let sha256: String
  }

  let configuration: TrainingConfiguration
  let inputs: [Input]

  init(configuration: TrainingConfiguration, files: TrainingFiles) throws(DigestError) {
    self.configuration = configuration
    let listed =
      files.pairs.map { ("pairs", $0) } + [("dev", files.dev), ("pool", files.pool)]
    var inputs: [Input] = []
    for (role, path) in listed {
      inputs.append(
        Input(
          role: role, name: URL(fileURLWithPath: path).lastPathComponent,
          sha256: try SHA256Digest.ofFile(at: path).hexadecimal))
    }
    self.inputs = inputs
  }

  /// Reads a manifest; fields that its configuration leaves out have their defaults.
  init(json: Data) throws(JSONProblem) {
    struct Fields: Decodable { let inputs: [Input] }
    inputs = try JSONDecoder().decodeDescribed(Fields.self, from: json).inputs
    configuration = try TrainingConfiguration(underKey: "configuration", of: json)
  }

  /// How a run that was started with `started` differs from this one, in words; nil when they agree.
  func difference(from started: TrainingManifest) -> String? {
    if let (field, mine, theirs) = configuration.firstDifference(from: started.configuration) {
      return "the run was started with \(field) \(theirs), not \(mine)"
    }
    let (mine, theirs) = (inputs.count - 2, started.inputs.count - 2)
    if mine != theirs { return "the run was started with \(theirs) files of pairs, not \(mine)" }
    for (mine, theirs) in zip(inputs, started.inputs) where mine != theirs {
      if mine.sha256 != theirs.sha256, mine.name == theirs.name {
        return "the \(mine.role) file \(mine.name) has changed since the run was started"
      }
      return "the run was started with the \(theirs.role) file \(theirs.name), not \(mine.name)"
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
