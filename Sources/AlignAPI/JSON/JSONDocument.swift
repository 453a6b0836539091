/// A value of a JSON text.
package indirect enum JSONDocument: Equatable, Sendable {
  case null
  case boolean(Bool)
  /// As spelled, which is a valid number.
  case number(String)
  case string(String)
  case array([JSONDocument])
  /// Members in their order; a name may come twice.
  case object([Member])

  package struct Member: Equatable, Sendable {
    package let name: String
    package let value: JSONDocument

    package init(name: String, value: JSONDocument) {
      self.name = name
      self.value = value
    }
  }

  /// What it is, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// Reads exactly one value; white space may surround it.
  package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.parseDocument()
  }
}
