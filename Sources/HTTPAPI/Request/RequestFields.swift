import AlignAPI
import HTTPDaemon

/// Takes the members of a JSON object one by one and collects what is wrong with them.
///
/// `null` counts as absent. Only the first mistakes are kept, so that no body makes a long answer.
struct RequestFields {
  /// Mistakes that are reported at most.
  static let mistakeLimit = 16

  private var members: [String: JSONDocument] = [:]
  /// What stands before the names of fields in mistakes: "" or "pairs[3].".
  private let prefix: String
  /// The mistakes found so far, in the order of the questions.
  private(set) var mistakes: [ProblemDetails.Item] = []

  /// Takes a body; throws ``APIError`` when it is not a JSON object.
  init(body: [UInt8]) throws(APIError) {
    let document: JSONDocument
    do throws(JSONSyntaxError) {
      document = try JSONDocument(parsing: body)
    } catch {
      throw .malformed(error)
    }
    try self.init(document)
  }

  /// Takes an object; throws ``APIError`` when it is another value.
  init(_ document: JSONDocument) throws(APIError) {
    guard case .object(let list) = document else {
      throw .invalid([.init(field: "body", detail: "found \(document.kind), expected an object")])
    }
    self.init(list, prefix: "")
  }

  /// Takes the parameters of a query as strings; those of `numbers` as numbers where they are.
  init(query: [RequestTarget.Parameter], numbers: Set<String>) {
    self.init(
      query.map { parameter in
        let isNumber = numbers.contains(parameter.name) && Int(parameter.value) != nil
        return JSONDocument.Member(
          name: parameter.name,
          value: isNumber ? .number(parameter.value) : .string(parameter.value))
      }, prefix: "")
  }

  private init(_ list: [JSONDocument.Member], prefix: String) {
    self.prefix = prefix
    for member in list {
      if members.updateValue(member.value, forKey: member.name) != nil {
        refuse(member.name, "found twice, expected once")
      }
    }
  }

  /// Reads an object inside of this one; its mistakes, unknown fields among them, become mistakes
  /// here.
  mutating func read(
    _ document: JSONDocument, at name: String, _ body: (inout RequestFields) -> Void
  ) {
    guard case .object(let list) = document else {
      refuse(name, "found \(document.kind), expected an object")
      return
    }
    var inner = RequestFields(list, prefix: "\(prefix)\(name).")
    body(&inner)
    inner.refuseUnknown()
    mistakes += inner.mistakes.prefix(Self.mistakeLimit - mistakes.count)
  }

  /// Whether a field is there and not null.
  func has(_ name: String) -> Bool { members[name].map { $0 != .null } ?? false }

  /// Whether no further mistake is reported, so that none need be looked for.
  var isFull: Bool { mistakes.count >= Self.mistakeLimit }

  /// Adds a mistake of the caller's finding, while there is room.
  mutating func refuse(_ name: String, offset: Int? = nil, _ detail: String) {
    if isFull { return }
    mistakes.append(.init(field: prefix + name.echoed, offset: offset, detail: detail))
  }

  mutating func string(_ name: String) -> String? {
    switch take(name) {
    case nil: return nil
    case .string(let text): return text
    case .some(let other):
      refuse(name, "found \(other.kind), expected a string")
      return nil
    }
  }

  /// A whole number; 3.0 is one too.
  mutating func integer(_ name: String) -> Int? {
    guard let value = take(name) else { return nil }
    if case .number(let spelling) = value {
      if let number = Double(spelling), let whole = Int(exactly: number) { return whole }
      refuse(name, "found \(spelling.echoed), expected a whole number")
    } else {
      refuse(name, "found \(value.kind), expected a whole number")
    }
    return nil
  }

  mutating func boolean(_ name: String) -> Bool? {
    switch take(name) {
    case nil: return nil
    case .boolean(let value): return value
    case .some(let other):
      refuse(name, "found \(other.kind), expected true or false")
      return nil
    }
  }

  /// Any number.
  mutating func number(_ name: String) -> Double? {
    guard let value = take(name) else { return nil }
    if case .number(let spelling) = value, let number = Double(spelling) { return number }
    refuse(name, "found \(value.kind), expected a number")
    return nil
  }

  /// A value that must be there, of any kind.
  mutating func required(_ name: String) -> JSONDocument? {
    guard let value = take(name) else {
      refuse(name, "found none, expected a value")
      return nil
    }
    return value
  }

  /// A value of any kind.
  mutating func document(_ name: String) -> JSONDocument? { take(name) }

  /// One of a few words.
  mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Value.Type = Value.self
  ) -> Value? {
    guard let text = string(name) else { return nil }
    if let value = Value(rawValue: text) { return value }
    let words = Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
    refuse(name, "found '\(text.echoed)', expected \(words)")
    return nil
  }

  /// Counts every field that nobody asked for as a mistake, and throws when there are mistakes.
  mutating func finish() throws(APIError) {
    refuseUnknown()
    if !mistakes.isEmpty { throw .invalid(mistakes) }
  }

  private mutating func refuseUnknown() {
    for name in members.keys.sorted() {
      if isFull { break }
      refuse(name, "this field is unknown")
    }
    members = [:]
  }

  /// The value of a field, which is then gone; nil for null.
  mutating func take(_ name: String) -> JSONDocument? {
    let value = members.removeValue(forKey: name)
    return value == .null ? nil : value
  }
}
