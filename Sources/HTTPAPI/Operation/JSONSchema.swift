import AlignAPI

/// What a JSON value may be: the part of JSON Schema (draft 2020-12) that the API's description uses.
struct JSONSchema: Sendable {
  indirect enum Kind: Sendable {
    case anything
    /// A schema of ``APIDescription/schemas``, by its name.
    case reference(String)
    /// Lengths in code points; `format` is a word of JSON Schema or OpenAPI ("date-time", "byte").
    case string(length: ClosedRange<Int>?, format: String?)
    case word([String])
    case integer(ClosedRange<Int>?)
    case number(ClosedRange<Double>?)
    case boolean
    case array(of: JSONSchema, count: ClosedRange<Int>?)
    /// Unknown members are refused in requests and absent from answers, unless `isOpen`.
    case object([Member], isOpen: Bool)
    /// An object with members of any name.
    case map(of: JSONSchema)
    /// Exactly one of them holds.
    case oneOf([JSONSchema])
  }

  /// One member of an object.
  struct Member: Sendable {
    let name: String
    let schema: JSONSchema
    let isRequired: Bool
  }

  var kind: Kind
  /// One or two sentences.
  var text: String?
  var isNullable = false
  /// JSON text of an example.
  var example: String?

  init(_ kind: Kind, text: String? = nil) {
    self.kind = kind
    self.text = text
  }

  static let anything = JSONSchema(.anything)
  static let string = JSONSchema(.string(length: nil, format: nil))
  static let boolean = JSONSchema(.boolean)
  static let integer = JSONSchema(.integer(nil))
  static let number = JSONSchema(.number(nil))

  static func string(_ length: ClosedRange<Int>) -> JSONSchema {
    JSONSchema(.string(length: length, format: nil))
  }
  static func string(format: String) -> JSONSchema {
    JSONSchema(.string(length: nil, format: format))
  }
  static func word(_ words: [String]) -> JSONSchema { JSONSchema(.word(words)) }
  /// The raw values of an enumeration.
  static func word<Value: RawRepresentable<String> & CaseIterable>(
    of type: Value.Type
  ) -> JSONSchema {
    word(Value.allCases.map(\.rawValue))
  }
  static func integer(_ range: ClosedRange<Int>) -> JSONSchema { JSONSchema(.integer(range)) }
  static func number(_ range: ClosedRange<Double>) -> JSONSchema { JSONSchema(.number(range)) }
  static func array(of element: JSONSchema, _ count: ClosedRange<Int>? = nil) -> JSONSchema {
    JSONSchema(.array(of: element, count: count))
  }
  static func object(_ members: [Member], isOpen: Bool = false) -> JSONSchema {
    JSONSchema(.object(members, isOpen: isOpen))
  }
  static func map(of value: JSONSchema) -> JSONSchema { JSONSchema(.map(of: value)) }
  static func oneOf(_ schemas: [JSONSchema]) -> JSONSchema { JSONSchema(.oneOf(schemas)) }
  static func reference(_ name: String) -> JSONSchema { JSONSchema(.reference(name)) }

  /// The same with an explanation.
  func described(_ text: String) -> JSONSchema {
    var schema = self
    schema.text = text
    return schema
  }

  /// The same with an example, as JSON text.
  func example(_ json: String) -> JSONSchema {
    var schema = self
    schema.example = json
    return schema
  }

  /// The same, or null.
  var nullable: JSONSchema {
    var schema = self
    schema.isNullable = true
    return schema
  }
}

extension JSONSchema.Member {
  static func required(_ name: String, _ schema: JSONSchema) -> Self {
    Self(name: name, schema: schema, isRequired: true)
  }
  /// In a request it may be left out or null; in an answer it may be missing.
  static func optional(_ name: String, _ schema: JSONSchema) -> Self {
    Self(name: name, schema: schema, isRequired: false)
  }
}
