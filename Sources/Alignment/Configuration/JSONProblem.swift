import Foundation

/// What is wrong with a JSON document: the one place that turns a decoder's errors into words.
struct JSONProblem: Error, Equatable {
  /// The field, dotted from the top; empty for the whole document.
  var field: String
  /// What was found or expected.
  var words: String

  init(field: String, words: String) {
    self.field = field
    self.words = words
  }

  /// Describes an error of `JSONDecoder` or `JSONSerialization`.
  init(_ error: any Error) {
    func path(_ keys: [any CodingKey]) -> String {
      keys.reduce("") { path, key in
        if let index = key.intValue { return "\(path)[\(index)]" }
        return path.isEmpty ? key.stringValue : path + "." + key.stringValue
      }
    }
    switch error {
    case DecodingError.typeMismatch(let type, let context):
      self.init(field: path(context.codingPath), words: "\(Self.name(of: type)) expected")
    case DecodingError.valueNotFound(let type, let context):
      self.init(
        field: path(context.codingPath), words: "\(Self.name(of: type)) expected, null found")
    case DecodingError.keyNotFound(let key, let context):
      self.init(field: path(context.codingPath + [key]), words: "missing")
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      self.init(field: path(context.codingPath), words: context.debugDescription)
    case DecodingError.dataCorrupted(let context):
      self.init(field: "", words: "not valid JSON" + Self.detail(of: context.underlyingError))
    default:
      self.init(field: "", words: "not valid JSON" + Self.detail(of: error))
    }
  }

  /// A clause for people: "field 'epochs': missing".
  var clause: String { field.isEmpty ? words : "field '\(field)': \(words)" }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "a string"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is any Sequence.Type where "\(type)".hasPrefix("Dictionary"): "an object"
    case is any Sequence.Type: "a list"
    default: "an object"
    }
  }

  private static func detail(of error: (any Error)?) -> String {
    guard let error else { return "" }
    let words = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
    return words.map { ": \($0)" } ?? ""
  }
}

extension JSONDecoder {
  /// Decodes, with errors in words.
  func decodeDescribed<Value: Decodable>(
    _ type: Value.Type, from data: Data
  ) throws(JSONProblem) -> Value {
    do {
      return try decode(type, from: data)
    } catch {
      throw JSONProblem(error)
    }
  }
}
