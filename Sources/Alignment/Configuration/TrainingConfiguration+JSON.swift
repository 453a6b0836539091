public import Foundation
import MoEBackbone
import Molecule
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
  /// Reads a JSON file whose fields replace those of `base`, the defaults unless told otherwise.
  ///
  /// - Throws: ``ConfigurationError`` for unreadable files, unknown fields, wrong types and values
  ///   out of range.
  public init(
    contentsOf path: String, over base: TrainingConfiguration = TrainingConfiguration()
  ) throws(ConfigurationError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try DurableFile.read(path)
    } catch {
      throw ConfigurationError(file: path, field: "", detail: "cannot be read: \(error.words)")
    }
    try self.init(json: Data(bytes), file: path, over: base)
  }

  /// Reads JSON whose fields replace those of `base`; `file` names the source in errors.
  ///
  /// - Throws: ``ConfigurationError``.
  public init(
    json: Data, file: String? = nil, over base: TrainingConfiguration = TrainingConfiguration()
  ) throws(ConfigurationError) {
    do {
      guard let given = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
        throw ConfigurationError(file: file, field: "", detail: "a JSON object is expected")
      }
      let defaults = base.jsonObject
      let merged = try Self.merge(given, into: defaults, prefix: "", file: file)
      do {
        self = try Self.decode(merged)
      } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
        // The decoder does not say which number does not fit its type.
        guard let (field, value) = Self.misfit(in: given, beside: defaults) else {
          throw DecodingError.dataCorrupted(context)
        }
        throw ConfigurationError(file: file, field: field, detail: "\(value) does not fit here")
      }
    } catch let error as ConfigurationError {
      throw error
    } catch {
      let problem = JSONProblem(error)
      throw ConfigurationError(file: file, field: problem.field, detail: problem.words)
    }
    try checkRanges(file: file)
  }

  /// Reads the object under a key of a larger JSON document.
  init(underKey key: String, of json: Data) throws(JSONProblem) {
    let inner: Data
    do {
      let document = try JSONSerialization.jsonObject(with: json) as? [String: Any]
      guard let object = document?[key] as? [String: Any] else {
        throw JSONProblem(
          field: key, words: document?[key] == nil ? "missing" : "an object expected")
      }
      inner = try JSONSerialization.data(withJSONObject: object)
    } catch let problem as JSONProblem {
      throw problem
    } catch {
      throw JSONProblem(error)
    }
    do throws(ConfigurationError) {
      try self.init(json: inner)
    } catch {
      throw JSONProblem(
        field: error.field.isEmpty ? key : "\(key).\(error.field)", words: error.detail)
    }
  }

  /// The first field, by name, that differs from another configuration, with both values.
  func firstDifference(from other: TrainingConfiguration) -> (field: String, Any, Any)? {
    func difference(
      _ mine: [String: Any], _ theirs: [String: Any], _ prefix: String
    ) -> (field: String, Any, Any)? {
      for key in mine.keys.sorted() {
        guard let one = mine[key], let two = theirs[key] else { continue }
        if let one = one as? [String: Any], let two = two as? [String: Any] {
          if let inner = difference(one, two, prefix + key + ".") { return inner }
        } else if "\(one)" != "\(two)" {
          return (prefix + key, one, two)
        }
      }
      return nil
    }
    return difference(jsonObject, other.jsonObject, "")
  }

  /// The first difference in what decides a model's shape and its vectors besides the weights.
  func firstDifferenceOfShape(from other: TrainingConfiguration) -> (field: String, Any, Any)? {
    var mine = other
    mine.moleculeView = moleculeView
    mine.structureView = structureView
    mine.textView = textView
    mine.ridge = ridge
    mine.graphView = graphView
    mine.sequenceView = sequenceView
    mine.backbone = backbone
    mine.knowledge = knowledge
    mine.hiddenWidth = hiddenWidth
    mine.outputWidth = outputWidth
    mine.hubness = hubness
    return mine.firstDifference(from: other)
  }

  /// The first difference in how views are fitted.
  func firstDifferenceOfViews(from other: TrainingConfiguration) -> (field: String, Any, Any)? {
    var mine = other
    mine.moleculeView = moleculeView
    mine.structureView = structureView
    mine.textView = textView
    mine.ridge = ridge
    return mine.firstDifference(from: other)
  }

  private var jsonObject: [String: Any] {
    guard let data = try? JSONEncoder().encode(self),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { preconditionFailure("a configuration within its ranges encodes as an object") }
    return object
  }

  private static func decode(_ object: [String: Any]) throws -> TrainingConfiguration {
    try JSONDecoder().decode(
      TrainingConfiguration.self, from: JSONSerialization.data(withJSONObject: object))
  }

  /// The first field whose value cannot be decoded, all others having their defaults.
  private static func misfit(
    in given: [String: Any], beside defaults: [String: Any]
  ) -> (field: String, value: Any)? {
    misfit(in: given, beside: defaults) { (try? decode($0)) != nil }
  }

  /// The same in an object within; `fits` says whether the whole decodes with such an object.
  private static func misfit(
    in given: [String: Any], beside defaults: [String: Any], fits: ([String: Any]) -> Bool
  ) -> (field: String, value: Any)? {
    for (key, value) in given.sorted(by: { $0.key < $1.key }) {
      if let inner = value as? [String: Any], let standard = defaults[key] as? [String: Any] {
        let found = misfit(in: inner, beside: standard) { object in
          fits(defaults.merging([key: object]) { $1 })
        }
        if let found { return ("\(key).\(found.field)", found.value) }
      } else if !fits(defaults.merging([key: value]) { $1 }) {
        return (key, value)
      }
    }
    return nil
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

  /// Checks every field's range; `file` names the source in errors.
  func checkRanges(file: String? = nil) throws(ConfigurationError) {
    func check(_ holds: Bool, _ field: String, _ expected: String) throws(ConfigurationError) {
      if !holds {
        throw ConfigurationError(file: file, field: field, detail: "\(expected) expected")
      }
    }
    func check(
      _ value: Int, _ range: ClosedRange<Int>, _ field: String
    ) throws(ConfigurationError) {
      try check(
        range.contains(value), field,
        range.upperBound == .max
          ? "at least \(range.lowerBound)" : "\(range.lowerBound)...\(range.upperBound)")
    }
    let views = [
      ("moleculeView", moleculeView), ("structureView", structureView), ("textView", textView),
    ]
    for (name, view) in views {
      try check(view.components, 1...Self.largestView, "\(name).components")
      try check(view.whitening >= 0 && view.whitening <= 1, "\(name).whitening", "0...1")
      try check(view.minimumDocumentFrequency, 1...Int.max, "\(name).minimumDocumentFrequency")
      try check(view.maximumFeatures, 0...Int.max, "\(name).maximumFeatures")
      try check(view.iterations, 0...100, "\(name).iterations")
    }
    try check(hiddenWidth, 1...Self.largestWidth, "hiddenWidth")
    try check(outputWidth, 1...Self.largestWidth, "outputWidth")
    try check(dropout >= 0 && dropout < 1, "dropout", "0..<1")
    try check(batchSize, 2...Int.max, "batchSize")
    try check(epochs, 1...100_000, "epochs")
    try check(learningRate > 0 && learningRate.isFinite, "learningRate", "more than 0")
    try check(warmupShare >= 0 && warmupShare <= 1, "warmupShare", "0...1")
    let (adamW, lion) = (optimizer.adamW, optimizer.lion)
    for (kind, beta1, beta2, decay) in [
      ("adamW", adamW.beta1, adamW.beta2, adamW.weightDecay),
      ("lion", lion.beta1, lion.beta2, lion.weightDecay),
    ] {
      try check(beta1 >= 0 && beta1 < 1, "optimizer.\(kind).beta1", "0..<1")
      try check(beta2 >= 0 && beta2 < 1, "optimizer.\(kind).beta2", "0..<1")
      try check(decay >= 0 && decay.isFinite, "optimizer.\(kind).weightDecay", "at least 0")
    }
    try check(
      adamW.epsilon > 0 && adamW.epsilon.isFinite, "optimizer.adamW.epsilon", "more than 0")
    try check(gradientCacheChunk, 0...Int.max, "gradientCacheChunk")
    try check(
      hardNegatives.startShare >= 0 && hardNegatives.startShare <= 1, "hardNegatives.startShare",
      "0...1")
    try check(hardNegatives.groupSize, 2...Int.max, "hardNegatives.groupSize")
    try check(
      distillation.weight >= 0 && distillation.weight.isFinite, "distillation.weight",
      "at least 0")
    for (name, value) in [
      ("temperature", distillation.temperature),
      ("teacherTemperature", distillation.teacherTemperature),
    ] {
      try check(value > 0 && value.isFinite, "distillation.\(name)", "more than 0")
    }
    try check(
      defaultDomainShare >= 0 && defaultDomainShare <= 1, "defaultDomainShare", "0...1")
    for (name, problem) in [
      ("graphView.shape", graphView.shape.problem),
      ("sequenceView.shape.encoder", sequenceView.shape.encoder.problem),
      ("ridge.shape", ridge.shape.problem), ("backbone.shape", backbone.shape.problem),
      ("knowledge.shape", knowledge.shape.problem),
    ] {
      if let problem { throw ConfigurationError(file: file, field: name, detail: problem) }
    }
    try check(
      sequenceView.shape.vocabulary.size, SubwordVocabulary.baseCount...1_000_000,
      "sequenceView.shape.vocabulary.size")
    try check(
      maximumGradientNorm > 0 && maximumGradientNorm.isFinite, "maximumGradientNorm",
      "more than 0")
    try check(
      maximumScale >= 1 && maximumScale.isFinite, "maximumScale", "at least 1")
    try check(
      initialTemperature >= 1 / maximumScale && initialTemperature.isFinite,
      "initialTemperature", "at least \(1 / maximumScale) (1/maximumScale)")
    try check(hubness.references, 1...Self.mostReferences, "hubness.references")
    try check(hubness.neighbors, 1...1000, "hubness.neighbors")
    try check(hubness.weight >= 0 && hubness.weight <= 10, "hubness.weight", "0...10")
    try check(evaluationInterval, 1...Int.max, "evaluationInterval")
    try check(patience, 1...Int.max, "patience")
  }

  /// The eigenproblem of a view works on a square of this width: 1 GiB.
  private static let largestView = 16_384
  private static let largestWidth = 65_536
  /// Every stored item is compared with all of them.
  private static let mostReferences = 100_000
}
