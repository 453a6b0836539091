import AlignAPI
import HTTPDaemon

/// Takes the parameters of a query one by one and collects what is wrong with them.
struct QueryFields {
  private var values: [String: String] = [:]
  private var mistakes: [ProblemDetails.Item] = []

  init(_ request: HTTPRequest) {
    for parameter in request.target.query {
      if values.updateValue(parameter.value, forKey: parameter.name) != nil {
        refuse(parameter.name, "found twice, expected once")
      }
    }
  }

  mutating func refuse(_ name: String, _ detail: String) {
    if mistakes.count < RequestFields.mistakeLimit {
      mistakes.append(.init(field: name.echoed, detail: detail))
    }
  }

  mutating func string(_ name: String) -> String? { values.removeValue(forKey: name) }

  /// A whole number in a range.
  mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    guard let text = string(name) else { return nil }
    if let number = Int(text), range.contains(number) { return number }
    refuse(
      name,
      "found '\(text.echoed)', expected a whole number from \(range.lowerBound) to "
        + "\(range.upperBound)")
    return nil
  }

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

  /// Counts every parameter that nobody asked for as a mistake, and throws when there are mistakes.
  mutating func finish() throws(APIError) {
    for name in values.keys.sorted() { refuse(name, "this parameter is unknown") }
    values = [:]
    if !mistakes.isEmpty { throw .invalid(mistakes) }
  }
}
