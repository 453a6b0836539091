import AlignAPI
import HTTPDaemon
import Postgres

extension ItemRecord {
  /// The item as an answer.
  var json: [UInt8] {
    var json = JSONWriter(capacity: 512)
    json.object { writeMembers(to: &$0) }
    return json.bytes
  }

  /// The validator of ``json``.
  var entityTag: String { HTTPResponse.entityTag(of: json) }

  /// The item with what a write made of it.
  func json(after status: ItemResult.Status, version: Int64) -> [UInt8] {
    var json = JSONWriter(capacity: 512)
    json.object { json in
      writeMembers(to: &json)
      json.name("status")
      json.string(status.rawValue)
      json.name("corpus_version")
      json.integer(version)
    }
    return json.bytes
  }

  private func writeMembers(to json: inout JSONWriter) {
    json.name("id")
    json.integer(id)
    json.name("corpus")
    json.string(corpus)
    json.name("source_id")
    json.string(sourceID)
    json.name("source_ids")
    json.array { json in
      for id in sourceIDs { json.string(id) }
    }
    json.name("smiles")
    json.string(smiles)
    json.name("text")
    json.string(text)
    json.name("properties")
    json.spelled(properties.text)
    json.name("updated_at")
    json.string(updatedAt.iso8601)
  }

  func write(to json: inout JSONWriter) {
    json.object { writeMembers(to: &$0) }
  }

  static let members: [JSONSchema.Member] = [
    .required("id", .integer), .required("corpus", .string), .required("source_id", .string),
    .required("source_ids", .array(of: .string)), .required("smiles", .string.nullable),
    .required("text", .string.nullable), .required("properties", .object([], isOpen: true)),
    .required("updated_at", .string(format: "date-time")),
  ]
}
