import Digest
import Foundation
import Knowledge
package import MoEBackbone

/// What a training run was started with: a resumed run must match it.
struct TrainingManifest: Encodable, Equatable {
  struct Input: Codable, Equatable {
    let role: String
    /// The domain of a file's texts, or of the adapters of a base; absent for the default one and
    /// for files without texts.
    var domain: String?
    let name: String
    let sha256: String
  }

  let configuration: TrainingConfiguration
  let inputs: [Input]

  init(configuration: TrainingConfiguration, files: TrainingFiles) throws(DigestError) {
    self.configuration = configuration
    let graph = files.knowledge.map { PairsFile(path: $0 + "/" + KnowledgeGraph.fileName) }
    let models =
      files.teachers.map { ("teacher", PairsFile(path: $0 + "/" + Checkpoint.manifestFile)) }
      + (files.views.map { [("views", PairsFile(path: $0 + "/" + Checkpoint.manifestFile))] } ?? [])
      + (files.adaptation.map {
        [("base", PairsFile(path: $0.base + "/" + Checkpoint.manifestFile, domain: $0.domain))]
      } ?? [])
    let listed =
      files.pairs.map { ("pairs", $0) } + (graph.map { [("knowledge", $0)] } ?? []) + models
      + [("dev", files.dev), ("pool", PairsFile(path: files.pool))]
    var inputs: [Input] = []
    for (role, file) in listed {
      inputs.append(
        Input(
          role: role, domain: file.domain == .default ? nil : file.domain.rawValue,
          name: URL(fileURLWithPath: file.path).lastPathComponent,
          sha256: try SHA256Digest.ofFile(at: file.path).hexadecimal))
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
    for role in ["pairs", "knowledge", "teacher", "views", "base"] {
      let counts = [self, started].map { $0.inputs.count { $0.role == role } }
      if counts[0] != counts[1] {
        return "the run was started with \(counts[1]) files of \(role), not \(counts[0])"
      }
    }
    for (mine, theirs) in zip(inputs, started.inputs) where mine != theirs {
      if mine.sha256 == theirs.sha256, mine.name == theirs.name {
        return "the run was started with \(mine.name) as \(theirs.words), not as \(mine.words)"
      }
      if mine.sha256 != theirs.sha256, mine.name == theirs.name {
        return "the \(mine.role) file \(mine.name) has changed since the run was started"
      }
      return "the run was started with the \(theirs.role) file \(theirs.name), not \(mine.name)"
    }
    return nil
  }
}

extension TrainingManifest.Input {
  /// Role and domain, for people.
  var words: String { domain.map { "\(role) (\($0))" } ?? role }
}

/// The files of a training run.
public struct TrainingFiles: Sendable {
  /// Files of pairs: id, smiles, text.
  public let pairs: [PairsFile]
  /// Pairs for choosing the best epoch; never trained on.
  public let dev: PairsFile
  /// Molecules to rank: id, smiles.
  ///
  /// Their structures also help to fit the molecule view.
  public let pool: String
  /// The folder of a knowledge graph, whose terms with structures are pairs as well.
  public let knowledge: String?
  /// Checkpoints whose similarities are distilled.
  public var teachers: [String] = []
  /// A checkpoint whose fitted views are used in place of new ones.
  public var views: String?
  /// What is adapted; nil for a model of its own.
  public var adaptation: Adaptation?

  /// A model of which only one domain's adapters are trained.
  public struct Adaptation: Sendable {
    /// The checkpoint's folder.
    public let base: String
    /// The domain.
    package let domain: Domain

    /// Names a checkpoint and a domain; nil for a domain that is not known.
    public init?(base: String, domain: String) {
      guard let domain = Domain(rawValue: domain) else { return nil }
      self.base = base
      self.domain = domain
    }
  }

  /// Names the files.
  public init(pairs: [PairsFile], dev: PairsFile, pool: String, knowledge: String? = nil) {
    self.pairs = pairs
    self.dev = dev
    self.pool = pool
    self.knowledge = knowledge.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }
}
