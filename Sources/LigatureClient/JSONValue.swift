/// Any JSON value, for parts whose members the API leaves open.
public enum JSONValue: Sendable, Equatable, Codable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// With these parts.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let boolean = try? value.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  /// Writes it as JSON.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .boolean(let boolean): try value.encode(boolean)
    case .number(let number): try value.encode(number)
    case .string(let string): try value.encode(string)
    case .array(let array): try value.encode(array)
    case .object(let object): try value.encode(object)
    }
  }

  /// A member of an object; nil where there is none.
  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  /// The text; nil for any other value.
  public var string: String? {
    guard case .string(let string) = self else { return nil }
    return string
  }

  /// The number; nil for any other value.
  public var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// With these parts.
  public init(stringLiteral value: String) { self = .string(value) }
  /// With these parts.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// With these parts.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// With these parts.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// With these parts.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// With these parts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
