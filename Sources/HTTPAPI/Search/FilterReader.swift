import AlignAPI
import HTTPDaemon
import Molecule

/// Reads a filter from JSON and collects what is wrong with it.
///
/// An object with one of the members `and`, `or` (arrays of filters), `not` (a filter), `corpus`,
/// `kind`, `substructure`, `text_contains` (strings), `descriptor` or `property` (a name, with `min`
/// and `max`, or for a property `equals`), `similar_to` (a SMILES, with `tanimoto`).
struct FilterReader {
  private(set) var mistakes: [ProblemDetails.Item] = []
  private var leaves = 0

  /// The filter, nil when there are mistakes.
  mutating func filter(
    _ document: JSONDocument, at path: String, depth: Int = 1
  ) -> SearchFilter? {
    guard case .object(let members) = document else {
      return refuse(path, "found \(document.kind), expected an object")
    }
    guard depth <= SearchFilter.depthLimit else {
      return refuse(path, "found more than \(SearchFilter.depthLimit) levels of filters")
    }
    let kinds = members.filter { Self.kinds.contains($0.name) }
    guard kinds.count == 1, let kind = kinds.first else {
      return refuse(
        path,
        "found \(kinds.isEmpty ? "none" : kinds.map(\.name).joined(separator: " and ")), "
          + "expected exactly one of \(Self.kinds.joined(separator: ", "))")
    }
    let companions = Self.companions[kind.name] ?? []
    for (place, member) in members.enumerated() where member.name != kind.name {
      if members[..<place].contains(where: { $0.name == member.name }) {
        return refuse("\(path).\(member.name.echoed)", "found twice, expected once")
      }
      if !companions.contains(member.name) {
        return refuse(
          "\(path).\(member.name.echoed)", "this field is unknown beside '\(kind.name)'")
      }
    }
    switch kind.name {
    case "and", "or":
      guard let parts = parts(kind.value, at: "\(path).\(kind.name)", depth) else { return nil }
      return kind.name == "and" ? .all(parts) : .any(parts)
    case "not":
      return filter(kind.value, at: "\(path).not", depth: depth + 1).map { .not($0) }
    default:
      leaves += 1
      guard leaves <= SearchFilter.leafLimit else {
        if leaves == SearchFilter.leafLimit + 1 {
          return refuse(path, "found more than \(SearchFilter.leafLimit) filters")
        }
        return nil
      }
      guard let word = string(kind.value, at: "\(path).\(kind.name)") else { return nil }
      return leaf(kind.name, word, Fields(members), at: path)
    }
  }

  private static let kinds = [
    "and", "or", "not", "corpus", "kind", "descriptor", "property", "substructure", "similar_to",
    "text_contains",
  ]
  private static let companions: [String: Set<String>] = [
    "descriptor": ["min", "max"], "property": ["min", "max", "equals"],
    "similar_to": ["tanimoto"],
  ]

  /// The members of a filter by name.
  private struct Fields {
    let values: [String: JSONDocument]

    init(_ members: [JSONDocument.Member]) {
      values = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }
  }

  private mutating func parts(
    _ document: JSONDocument, at path: String, _ depth: Int
  ) -> [SearchFilter]? {
    guard case .array(let elements) = document, !elements.isEmpty else {
      return refuse(path, "found \(document.kind), expected an array of at least one filter")
    }
    let before = mistakes.count
    let found = elements.enumerated().compactMap { place, element in
      filter(element, at: "\(path)[\(place)]", depth: depth + 1)
    }
    return mistakes.count == before ? found : nil
  }

  private mutating func leaf(
    _ kind: String, _ word: String, _ fields: Fields, at path: String
  ) -> SearchFilter? {
    switch kind {
    case "corpus": return .corpus(word)
    case "text_contains":
      return word.isEmpty ? refuse("\(path).text_contains", "found no text") : .textContains(word)
    case "kind":
      if let kind = ItemKind(rawValue: word) { return .kind(kind) }
      return refuse("\(path).kind", Self.unknown(word, ItemKind.allCases.map(\.rawValue)))
    case "descriptor":
      guard let descriptor = Descriptor(rawValue: word) else {
        return refuse(
          "\(path).descriptor", Self.unknown(word, Descriptor.allCases.map(\.rawValue)))
      }
      return range(fields, at: path).map { .descriptor(descriptor, $0) }
    case "property":
      if let value = fields.values["equals"] {
        if fields.values["min"] != nil || fields.values["max"] != nil {
          return refuse("\(path).equals", "found beside min or max, expected either")
        }
        return string(value, at: "\(path).equals").map { .property(name: word, value: $0) }
      }
      return range(fields, at: path).map { .number(name: word, $0) }
    case "substructure":
      do throws(SMARTSError) {
        return .substructure(SubstructureQuery(try SMARTSPattern(parsing: word)))
      } catch {
        return refuse("\(path).substructure", offset: error.offset, "\(error)")
      }
    default: return similarity(word, fields, at: path)
    }
  }

  private mutating func similarity(
    _ smiles: String, _ fields: Fields, at path: String
  ) -> SearchFilter? {
    var least = 0.5
    if let value = fields.values["tanimoto"] {
      guard let number = number(value, at: "\(path).tanimoto") else { return nil }
      guard (0...1).contains(number) else {
        return refuse("\(path).tanimoto", "found \(number), expected 0 to 1")
      }
      least = number
    }
    do throws(SMILESError) {
      return .similarity(
        to: StoredItem.fingerprint(of: try SMILESReader.read(smiles)), atLeast: least)
    } catch {
      return refuse("\(path).similar_to", offset: error.offset, "\(error)")
    }
  }

  private mutating func range(_ fields: Fields, at path: String) -> NumberRange? {
    var bounds: [Double?] = []
    for name in ["min", "max"] {
      guard let value = fields.values[name], value != .null else {
        bounds.append(nil)
        continue
      }
      guard let number = number(value, at: "\(path).\(name)") else { return nil }
      bounds.append(number)
    }
    if bounds[0] == nil && bounds[1] == nil {
      return refuse(path, "found neither min nor max, expected at least one")
    }
    guard let range = NumberRange(bounds[0], bounds[1]) else {
      return refuse(path, "found min above max, expected a range")
    }
    return range
  }

  private mutating func number(_ value: JSONDocument, at path: String) -> Double? {
    if case .number(let spelling) = value, let number = Double(spelling) { return number }
    return refuse(path, "found \(value.kind), expected a number")
  }

  private mutating func string(_ value: JSONDocument, at path: String) -> String? {
    guard case .string(let text) = value else {
      return refuse(path, "found \(value.kind), expected a string")
    }
    guard text.utf8.count <= SearchFilter.textLimit else {
      return refuse(
        path, "found \(text.utf8.count) bytes, expected at most \(SearchFilter.textLimit)")
    }
    guard !text.utf8.contains(0) else {
      return refuse(path, "found the character U+0000, expected text without it")
    }
    return text
  }

  private mutating func refuse<Value>(
    _ field: String, offset: Int? = nil, _ detail: String
  ) -> Value? {
    mistakes.append(.init(field: field, offset: offset, detail: detail))
    return nil
  }

  private static func unknown(_ word: String, _ known: [String]) -> String {
    "found '\(word.echoed)', expected one of \(known.joined(separator: ", "))"
  }
}
