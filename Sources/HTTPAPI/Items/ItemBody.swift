import AlignAPI
import HTTPDaemon
import Molecule
import Records

/// What a request says of an item, checked.
enum ItemBody {
  /// Longest source id and name of a corpus, in bytes.
  static let longestName = 1000
  /// Bytes of the body of one item: its text, escaped.
  static let longestBody = 8 << 20
  /// Bytes of a body of many items.
  static let longestBatch = 256 << 20
  /// Members of `properties` at most.
  static let propertyLimit = 1000

  /// The members `smiles`, `text` and `properties`.
  static let members: [JSONSchema.Member] = [
    .optional(
      "smiles",
      .string(0...InputLimits.item.smilesBytes).described("SMILES or CXSMILES.").nullable),
    .optional("text", .string(0...InputLimits.item.textBytes).nullable),
    .optional(
      "properties",
      .map(of: .oneOf([.string, .number, .boolean])).described(
        "Kept as texts; numbers can be filtered by range."
      ).nullable),
  ]

  /// Takes the members; adds what is wrong with them to the fields' mistakes.
  static func take(_ fields: inout RequestFields, sourceID: String, number: Int = 1) -> Record? {
    let before = fields.mistakes.count
    let smiles = fields.string("smiles").flatMap { $0.isEmpty ? nil : $0 }
    let text = fields.string("text").flatMap { $0.isEmpty ? nil : $0 }
    if let smiles { check(smiles, &fields) }
    if let text, text.utf8.count > InputLimits.item.textBytes {
      fields.refuse(
        "text",
        "found \(text.utf8.count) bytes, expected at most \(InputLimits.item.textBytes)")
    }
    if smiles == nil && text == nil && fields.mistakes.count == before {
      fields.refuse("smiles", "found neither smiles nor text, expected at least one")
    }
    let properties = properties(&fields)
    for (name, value) in [("source_id", sourceID), ("smiles", smiles ?? ""), ("text", text ?? "")]
    where value.utf8.contains(0) {
      fields.refuse(name, "found the character U+0000, expected text without it")
    }
    return Record(
      sourceID: sourceID, smiles: smiles, text: text, properties: properties, number: number)
  }

  private static func check(_ smiles: String, _ fields: inout RequestFields) {
    let limit = InputLimits.item.smilesBytes
    guard smiles.utf8.count <= limit else {
      return fields.refuse("smiles", "found \(smiles.utf8.count) bytes, expected at most \(limit)")
    }
    do throws(SMILESError) {
      // An extension stands behind a space.
      if smiles.utf8.contains(UInt8(ascii: "|")) {
        _ = try SMILESReader.read(line: Array(smiles.utf8))
      } else {
        _ = try SMILESReader.read(smiles)
      }
    } catch {
      fields.refuse("smiles", offset: error.offset, "\(error)")
    }
  }

  private static func properties(_ fields: inout RequestFields) -> [String: String] {
    guard let document = fields.document("properties") else { return [:] }
    guard case .object(let members) = document else {
      fields.refuse("properties", "found \(document.kind), expected an object")
      return [:]
    }
    if members.count > propertyLimit {
      fields.refuse(
        "properties", "found \(members.count) members, expected at most \(propertyLimit)")
      return [:]
    }
    var properties: [String: String] = [:]
    for member in members {
      let field = "properties.\(member.name.echoed)"
      let value: String
      switch member.value {
      case .null: continue
      case .string(let text), .number(let text): value = text
      case .boolean(let flag): value = flag ? "true" : "false"
      case .array, .object:
        fields.refuse(
          field, "found \(member.value.kind), expected a string, a number or a boolean")
        continue
      }
      if ["id", "smiles", "text", "source_id"].contains(member.name) || member.name.isEmpty {
        fields.refuse(field, "found a name that is taken, expected another one")
      } else if member.name.utf8.count > InputLimits.propertyNameBytes {
        fields.refuse(
          field,
          "found a name of \(member.name.utf8.count) bytes, expected at most "
            + "\(InputLimits.propertyNameBytes)")
      } else if member.name.utf8.contains(0) || value.utf8.contains(0) {
        fields.refuse(field, "found the character U+0000, expected text without it")
      } else if properties.updateValue(value, forKey: member.name) != nil {
        fields.refuse(field, "found twice, expected once")
      }
    }
    return properties
  }

  /// What is wrong with a name of a corpus or a source id; nil for a good one.
  static func problem(ofName name: String) -> String? {
    if name.isEmpty { return "found none, expected at least one character" }
    if name.utf8.count > longestName {
      return "found \(name.utf8.count) bytes, expected at most \(longestName)"
    }
    if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return "found a control character, expected text without any"
    }
    return nil
  }
}

extension HTTPRequest {
  /// The corpus of the path; throws ``APIError`` `.invalid` for what cannot be a name.
  func corpusName() throws(APIError) -> String { try name("corpus") }

  /// A name in the path.
  func name(_ parameter: String) throws(APIError) -> String {
    let name = pathParameter(parameter)
    if let problem = ItemBody.problem(ofName: name) {
      throw .invalid([.init(field: parameter, detail: problem)])
    }
    return name
  }
}

extension RejectedRecord {
  /// The refusal as a field that is wrong.
  var item: ProblemDetails.Item {
    .init(
      field: field == "id" ? "source_id" : field ?? "smiles",
      detail: "found \(found), expected \(expected)")
  }
}
