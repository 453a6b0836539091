import AlignAPI

extension JSONSchema {
  /// Writes the schema as JSON Schema (draft 2020-12).
  func write(to json: inout JSONWriter) {
    json.object { json in
      if isNullable, hasNoType {
        json.name("oneOf")
        json.array { json in
          var plain = self
          plain.isNullable = false
          plain.text = nil
          plain.write(to: &json)
          json.object { json in
            json.name("type")
            json.string("null")
          }
        }
      } else {
        writeKind(to: &json)
      }
      if let text {
        json.name("description")
        json.string(text)
      }
      if let example {
        json.name("examples")
        json.array { $0.spelled(example) }
      }
    }
  }

  /// Whether null cannot be one more word of `type`.
  private var hasNoType: Bool {
    switch kind {
    case .reference, .oneOf, .word: true
    default: false
    }
  }

  private func writeKind(to json: inout JSONWriter) {
    switch kind {
    case .anything: break
    case .reference(let name):
      json.name("$ref")
      json.string("#/components/schemas/\(name)")
    case .string(let length, let format):
      writeType("string", to: &json)
      if let length {
        json.name("minLength")
        json.integer(length.lowerBound)
        json.name("maxLength")
        json.integer(length.upperBound)
      }
      if let format {
        json.name("format")
        json.string(format)
      }
    case .word(let words):
      writeType("string", to: &json)
      json.name("enum")
      json.array { json in
        for word in words { json.string(word) }
      }
    case .integer(let range):
      writeType("integer", to: &json)
      if let range {
        json.name("minimum")
        json.integer(range.lowerBound)
        json.name("maximum")
        json.integer(range.upperBound)
      }
    case .number(let range):
      writeType("number", to: &json)
      if let range {
        json.name("minimum")
        json.number(range.lowerBound)
        json.name("maximum")
        json.number(range.upperBound)
      }
    case .boolean: writeType("boolean", to: &json)
    case .array(let element, let count):
      writeType("array", to: &json)
      json.name("items")
      element.write(to: &json)
      if let count {
        json.name("minItems")
        json.integer(count.lowerBound)
        json.name("maxItems")
        json.integer(count.upperBound)
      }
    case .object(let members, let isOpen): writeObject(members, isOpen, to: &json)
    case .map(let value):
      writeType("object", to: &json)
      json.name("additionalProperties")
      value.write(to: &json)
    case .oneOf(let schemas):
      json.name("oneOf")
      json.array { json in
        for schema in schemas { schema.write(to: &json) }
      }
    }
  }

  private func writeObject(_ members: [Member], _ isOpen: Bool, to json: inout JSONWriter) {
    writeType("object", to: &json)
    json.name("properties")
    json.object { json in
      for member in members {
        json.name(text: member.name)
        member.schema.write(to: &json)
      }
    }
    let required = members.filter(\.isRequired)
    if !required.isEmpty {
      json.name("required")
      json.array { json in
        for member in required { json.string(member.name) }
      }
    }
    if !isOpen {
      json.name("additionalProperties")
      json.boolean(false)
    }
  }

  private func writeType(_ name: String, to json: inout JSONWriter) {
    json.name("type")
    if isNullable {
      json.array { json in
        json.string(name)
        json.string("null")
      }
    } else {
      json.string(name)
    }
  }
}
