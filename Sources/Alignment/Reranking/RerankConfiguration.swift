import Foundation
import Tensor

/// Everything that decides what training a re-ranker produces, besides its data and its model.
public struct RerankConfiguration: Sendable, Equatable, Codable {
  /// Width d of a token.
  public var width = 32
  /// Heads of each attention; they divide ``width``.
  public var heads = 4
  /// Width of the layer before the logit.
  public var hiddenWidth = 32
  /// The most features of a text that are tokens.
  public var textTokens = 12
  /// The most substructures and structure words of a molecule that are tokens.
  public var moleculeTokens = 16
  /// Whether the layer before the logit reads the score of the first stage.
  public var readsScore = true
  /// How many candidates of the first stage are ordered anew; also how deep negatives are drawn.
  public var depth = 100
  /// Negatives of each text in a step.
  public var negatives = 7
  /// Whether molecules without a pair are negatives.
  ///
  /// They are never the right ones, which a network can learn of them.
  public var drawsFromPool = false
  /// Texts of a step.
  public var batchTexts = 32
  /// Passes over the texts.
  public var epochs = 2
  /// Share of the texts that are no prose (names) seen in an epoch, 0...1.
  public var nameShare: Float = 1
  /// Highest learning rate.
  public var learningRate: Float = 1e-3
  /// Decoupled weight decay.
  public var weightDecay: Float = 0.5
  /// Probability of dropping a value of a token or of the hidden layer, 0..<1.
  public var dropout: Float = 0.4
  /// Into how many parts the pairs are cut; first stages without a part score that part.
  public var folds = 3
  /// Passes of each such first stage over its pairs.
  public var foldEpochs = 4
  /// What the first stage's score is multiplied by at the start, against the logit.
  public var initialScale: Float = 20
  /// Seed of every random choice.
  public var seed: UInt64 = 2026

  /// The measured defaults.
  public init() {}

  /// The logarithm of ``initialScale``.
  var initialLogScale: Float { log(initialScale) }

  /// Reads a JSON file whose fields replace the defaults.
  ///
  /// - Throws: ``ConfigurationError`` for unreadable files, unknown fields, wrong types and values
  ///   out of range.
  public init(contentsOf path: String) throws(ConfigurationError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try DurableFile.read(path)
    } catch {
      throw ConfigurationError(file: path, field: "", detail: "cannot be read: \(error.words)")
    }
    do {
      let defaults = try Self.object(JSONEncoder().encode(RerankConfiguration()))
      let given = try Self.object(Data(bytes))
      for key in given.keys.sorted() where defaults[key] == nil {
        let known = defaults.keys.sorted().joined(separator: ", ")
        throw JSONProblem(field: key, words: "unknown; expected one of \(known)")
      }
      self = try JSONDecoder().decodeDescribed(
        RerankConfiguration.self,
        from: JSONSerialization.data(withJSONObject: defaults.merging(given) { $1 }))
    } catch {
      let problem = error as? JSONProblem ?? JSONProblem(error)
      throw ConfigurationError(file: path, field: problem.field, detail: problem.words)
    }
    try check(file: path)
  }

  private static func object(_ json: Data) throws -> [String: Any] {
    guard let object = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      throw JSONProblem(field: "", words: "a JSON object is expected")
    }
    return object
  }

  /// Checks every field's range; `file` names the source in errors.
  func check(file: String? = nil) throws(ConfigurationError) {
    let whole = [
      ("width", width, 1), ("heads", heads, 1), ("hiddenWidth", hiddenWidth, 1),
      ("textTokens", textTokens, 1), ("moleculeTokens", moleculeTokens, 1), ("depth", depth, 2),
      ("negatives", negatives, 1), ("batchTexts", batchTexts, 1), ("epochs", epochs, 1),
      ("folds", folds, 2), ("foldEpochs", foldEpochs, 1),
    ]
    for (field, value, least) in whole where value < least || value > 65_536 {
      throw ConfigurationError(
        file: file, field: field, detail: "\(value) found, \(least)...65536 expected")
    }
    if width % heads != 0 {
      throw ConfigurationError(
        file: file, field: "heads", detail: "\(heads) found, a divisor of \(width) expected")
    }
    let shares = [
      ("nameShare", nameShare, nameShare >= 0 && nameShare <= 1, "0...1"),
      ("learningRate", learningRate, learningRate > 0 && learningRate.isFinite, "more than 0"),
      ("weightDecay", weightDecay, weightDecay >= 0 && weightDecay.isFinite, "at least 0"),
      ("dropout", dropout, dropout >= 0 && dropout < 1, "0..<1"),
      ("initialScale", initialScale, initialScale > 0 && initialScale.isFinite, "more than 0"),
    ]
    for (field, value, holds, expected) in shares where !holds {
      throw ConfigurationError(
        file: file, field: field, detail: "\(value) found, \(expected) expected")
    }
  }
}
