public import Foundation
import Tensor
import TextEncoder

/// Why a training configuration was refused.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, or nil for values given otherwise.
  public let file: String?
  /// The field, dotted from the top; empty for the whole file.
  public let field: String
  /// What was found and what was expected.
  public let detail: String

  /// A sentence for people.
  public var description: String {
    let place = [file, field.isEmpty ? nil : "field '\(field)'"].compactMap { $0 }
    return (place + [detail]).joined(separator: ": ")
  }
}

extension TrainingConfiguration {
  /// Reads a JSON file whose fields replace the defaults.
  ///
  /// - Throws: ``ConfigurationError`` for unreadable files, unknown fields, wrong types and values
  ///   out of range.
  public init(contentsOf path: String) throws(ConfigurationError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ConfigurationError(file: path, field: "", detail: "cannot be read: \(error)")
    }
    try self.init(json: data, file: path)
  }

  /// Reads JSON whose fields replace the defaults; `file` names the source in errors.
  ///
  /// - Throws: ``ConfigurationError``.
  public init(json: Data, file: String? = nil) throws(ConfigurationError) {
    do {
      guard let given = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
        throw ConfigurationError(file: file, field: "", detail: "a JSON object is expected")
      }
      let defaults = try JSONSerialization.jsonObject(
        with: JSONEncoder().encode(TrainingConfiguration()))
      guard let defaults = defaults as? [String: Any] else {
        preconditionFailure("a configuration encodes as an object")
      }
      let merged = try Self.merge(given, into: defaults, prefix: "", file: file)
      self = try JSONDecoder().decode(
        TrainingConfiguration.self, from: JSONSerialization.data(withJSONObject: merged))
    } catch let error as ConfigurationError {
      throw error
    } catch let DecodingError.typeMismatch(type, context) {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw ConfigurationError(file: file, field: field, detail: "\(type) expected")
    } catch let DecodingError.dataCorrupted(context) where !context.codingPath.isEmpty {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw ConfigurationError(file: file, field: field, detail: context.debugDescription)
    } catch {
      throw ConfigurationError(file: file, field: "", detail: "not valid JSON: \(error)")
    }
    try checkRanges(file: file)
  }

  private static func merge(
    _ given: [String: Any], into defaults: [String: Any], prefix: String, file: String?
  ) throws(ConfigurationError) -> [String: Any] {
    var merged = defaults
    for (key, value) in given {
      guard let standard = defaults[key] else {
        let known = defaults.keys.sorted().joined(separator: ", ")
        throw ConfigurationError(
          file: file, field: prefix + key, detail: "unknown; expected one of \(known)")
      }
      if let inner = standard as? [String: Any], let value = value as? [String: Any] {
        merged[key] = try merge(value, into: inner, prefix: prefix + key + ".", file: file)
      } else {
        merged[key] = value
      }
    }
    return merged
  }

  private func checkRanges(file: String?) throws(ConfigurationError) {
    func check(_ holds: Bool, _ field: String, _ expected: String) throws(ConfigurationError) {
      if !holds { throw ConfigurationError(file: file, field: field, detail: expected) }
    }
    for (name, view) in [("moleculeView", moleculeView), ("textView", textView)] {
      try check(view.components > 0, "\(name).components", "at least 1 expected")
      try check(
        view.whitening >= 0 && view.whitening <= 1, "\(name).whitening", "0...1 expected")
      try check(
        view.minimumDocumentFrequency > 0, "\(name).minimumDocumentFrequency",
        "at least 1 expected")
      try check(view.iterations >= 0, "\(name).iterations", "at least 0 expected")
    }
    try check(hiddenWidth > 0, "hiddenWidth", "at least 1 expected")
    try check(outputWidth > 0, "outputWidth", "at least 1 expected")
    try check(dropout >= 0 && dropout < 1, "dropout", "0..<1 expected")
    for (name, rate) in [
      ("sentenceRate", textThinning.sentenceRate), ("wordRate", textThinning.wordRate),
    ] {
      try check(rate >= 0 && rate < 1, "textThinning.\(name)", "0..<1 expected")
    }
    try check(batchSize > 1, "batchSize", "at least 2 expected")
    try check(epochs > 0, "epochs", "at least 1 expected")
    try check(learningRate > 0, "learningRate", "more than 0 expected")
    try check(warmupShare >= 0 && warmupShare <= 1, "warmupShare", "0...1 expected")
    try check(maximumGradientNorm > 0, "maximumGradientNorm", "more than 0 expected")
    try check(initialTemperature > 0, "initialTemperature", "more than 0 expected")
    try check(maximumScale >= 1, "maximumScale", "at least 1 expected")
    try check(evaluationInterval > 0, "evaluationInterval", "at least 1 expected")
    try check(patience > 0, "patience", "at least 1 expected")
  }
}
