import AlignAPI
import HTTPDaemon

extension IndexJobSummary {
  var json: [UInt8] {
    var json = JSONWriter(capacity: 512)
    write(to: &json)
    return json.bytes
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("id")
      json.integer(job.id)
      json.name("corpus")
      json.string(corpus)
      json.name("model")
      json.string(model)
      json.name("state")
      json.string(job.state.rawValue)
      json.name("rows")
      json.integer(job.rowsIndexed)
      json.name("rejects")
      json.integer(job.rowsRejected)
      json.name("total_rows")
      if let totalRows { json.integer(totalRows) } else { json.null() }
      json.name("share")
      json.number(job.share)
      json.name("rows_per_second")
      json.number((rowsPerSecond * 10).rounded() / 10)
      json.name("created_at")
      json.string(createdAt.iso8601)
      json.name("updated_at")
      json.string(updatedAt.iso8601)
      json.name("problem")
      json.string(job.error)
    }
  }

  static let schema = JSONSchema.object([
    .required("id", .integer), .required("corpus", .string), .required("model", .string),
    .required(
      "state", .word(["reading", "working", "done", "failed", "cancelled"])),
    .required("rows", .integer.described("Rows that are stored.")),
    .required("rejects", .integer.described("Rows that were left out.")),
    .required("total_rows", .integer.nullable.described("Null where it is not known.")),
    .required("share", .number(0...1).described("Which part is done.")),
    .required("rows_per_second", .number), .required("created_at", .string(format: "date-time")),
    .required("updated_at", .string(format: "date-time")),
    .required("problem", .string.nullable.described("Why it failed.")),
  ])
}
