import HTTPDaemon

@testable import AlignAPI
@testable import HTTPAPI

/// Holds answers against the schemas that describe them.
enum SchemaCheck {
  private static let schemas = Dictionary(
    uniqueKeysWithValues: SearchService.schemas.map { ($0.name, $0.schema) })

  /// What of a value does not conform; empty for one that does.
  static func problems(
    _ value: JSONDocument, _ schema: JSONSchema, at path: String = "$"
  ) -> [String] {
    if value == .null { return allowsNull(schema) ? [] : ["\(path) is null"] }
    func wrong() -> [String] { ["\(path) is \(value.kind), not of \(schema.kind)"] }
    switch (schema.kind, value) {
    case (.anything, _), (.boolean, .boolean): return []
    case (.reference(let name), _):
      guard let target = schemas[name] else { return ["\(path): no schema \(name)"] }
      return problems(value, target, at: path)
    case (.string(let length, _), .string(let text)):
      return length?.contains(text.unicodeScalars.count) ?? true ? [] : wrong()
    case (.word(let words), .string(let text)): return words.contains(text) ? [] : wrong()
    case (.integer(let range), .number(let text)):
      guard let number = Int(text) else { return wrong() }
      return range?.contains(number) ?? true ? [] : wrong()
    case (.number(let range), .number(let text)):
      guard let number = Double(text) else { return wrong() }
      return range?.contains(number) ?? true ? [] : wrong()
    case (.array(let element, let count), .array(let values)):
      if let count, !count.contains(values.count) { return wrong() }
      return values.enumerated().flatMap { problems($1, element, at: "\(path)[\($0)]") }
    case (.map(let element), .object(let members)):
      return members.flatMap { problems($0.value, element, at: "\(path).\($0.name)") }
    case (.object(let known, let isOpen), .object(let members)):
      return object(known, isOpen, members, path)
    case (.oneOf(let choices), _):
      return choices.count { problems(value, $0).isEmpty } == 1 ? [] : wrong()
    default: return wrong()
    }
  }

  private static func allowsNull(_ schema: JSONSchema) -> Bool {
    if case .anything = schema.kind { return true }
    return schema.isNullable
  }

  private static func object(
    _ known: [JSONSchema.Member], _ isOpen: Bool, _ members: [JSONDocument.Member], _ path: String
  ) -> [String] {
    let names = members.map(\.name)
    var found: [String] = []
    for member in known where member.isRequired && !names.contains(member.name) {
      found.append("\(path).\(member.name) is missing")
    }
    for member in members {
      if let schema = known.first(where: { $0.name == member.name })?.schema {
        found += problems(member.value, schema, at: "\(path).\(member.name)")
      } else if !isOpen {
        found.append("\(path).\(member.name) is not described")
      }
    }
    return found
  }

  /// What of an answer is not as the operation at that path says.
  static func problems(
    _ method: String, _ path: String, status: Int, mediaType: String, body: [UInt8]
  ) throws -> [String] {
    let segments = path.prefix { $0 != "?" }.split(separator: "/")
    let operation = SearchService.operations.first { operation in
      let template = operation.path.split(separator: "/")
      return operation.method == method && template.count == segments.count
        && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
    guard let operation else { return ["no operation \(method) \(path)"] }
    let answers =
      operation.answers.filter { $0.status.rawValue == status }.flatMap(\.contents)
      + operation.possibleProblems.filter { $0.rawValue == status }.map { _ in
        ("application/problem+json", JSONSchema.reference("Problem"))
      }
    if status == 304 { return body.isEmpty ? [] : ["304 has a body"] }
    guard let (_, schema) = answers.first(where: { $0.0 == mediaType }) else {
      return ["\(operation.id): \(status) \(mediaType) is not described"]
    }
    switch mediaType {
    case "application/json", "application/problem+json":
      return problems(try JSONDocument(parsing: body), schema)
    case "application/x-ndjson" where operation.id != "exportCorpus":
      return try body.split(separator: 10).flatMap {
        problems(try JSONDocument(parsing: Array($0)), schema)
      }
    default: return []
    }
  }
}
