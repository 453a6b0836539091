import AlignAPI
import ArgumentParser
import Foundation
import HTTPAPI
import Retrieval

/// What results must meet, as `search` takes it; all of it must be met.
struct SearchFilterOptions: ParsableArguments {
  @Option(
    name: .customLong("where"), parsing: .singleValue,
    help: ArgumentHelp(
      """
      A descriptor or numeric property with <=, >= or =, such as "logp<=3"; may be repeated. \
      Descriptors: \(Descriptor.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "comparison"))
  var comparisons: [String] = []

  @Option(name: .long, help: "Only molecules in which this SMARTS pattern occurs.")
  var substructure: String?

  @Option(name: .long, help: "Only molecules with a fingerprint like that of this SMILES.")
  var similarTo: String?

  @Option(name: .long, help: "With --similar-to: the least Tanimoto similarity (default: 0.5).")
  var tanimoto: Double?

  @Option(name: .long, help: "Only items whose text has this piece.")
  var contains: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A filter as /v1/search takes it (docs/api.md), for and, or, not and properties.",
      valueName: "json"))
  var filter: String?

  func validate() throws {
    if tanimoto != nil && similarTo == nil {
      throw ValidationError("--tanimoto: --similar-to is expected with it")
    }
    for comparison in comparisons { _ = try Self.comparison(comparison) }
  }

  /// All of it as one, nil for nothing; throws ``FilterError``.
  func combined() throws -> SearchFilter? {
    var parts = try comparisons.map(Self.comparison)
    if let substructure { parts.append(Self.object(["substructure": substructure])) }
    if let similarTo {
      parts.append(Self.object(["similar_to": similarTo], numbers: ["tanimoto": tanimoto ?? 0.5]))
    }
    if let contains { parts.append(Self.object(["text_contains": contains])) }
    if let filter { parts.append(filter) }
    if parts.isEmpty { return nil }
    if parts.count == 1 { return try SearchFilter(json: parts[0]) }
    return try SearchFilter(json: #"{"and": [\#(parts.joined(separator: ", "))]}"#)
  }

  /// `logp<=3` as a filter in JSON.
  private static func comparison(_ text: String) throws -> String {
    guard let match = text.wholeMatch(of: #/\s*(.+?)\s*(<=|>=|=)\s*(\S+)\s*/#) else {
      throw ValidationError("--where '\(text)': a name, <=, >= or = and a number expected")
    }
    let (name, sign) = (String(match.1), match.2)
    let kind = Descriptor(rawValue: name) == nil ? "property" : "descriptor"
    guard let number = Double(match.3), number.isFinite else {
      if sign == "=", kind == "property" {
        return object(["property": name, "equals": String(match.3)])
      }
      throw ValidationError("--where '\(text)': '\(match.3)' is not a number")
    }
    var bounds: [String: Double] = [:]
    if sign != "<=" { bounds["min"] = number }
    if sign != ">=" { bounds["max"] = number }
    return object([kind: name], numbers: bounds)
  }

  private static func object(_ strings: [String: String], numbers: [String: Double] = [:]) -> String
  {
    var json = JSONWriter()
    json.object { json in
      for (name, value) in strings {
        json.name(text: name)
        json.string(value)
      }
      for (name, value) in numbers {
        json.name(text: name)
        json.number(value)
      }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension IndexKind {
  /// The kind of that name.
  @Sendable static func named(_ word: String) throws -> IndexKind {
    guard let kind = IndexKind(rawValue: word) else {
      let known = IndexKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(word)' is none of: \(known)")
    }
    return kind
  }
}
