import AlignAPI

extension CorpusOverview {
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("name")
      json.string(corpus.name)
      json.name("version")
      json.integer(version)
      json.name("created_at")
      json.string(createdAt.iso8601)
      json.name("items")
      json.integer(counts.items)
      json.name("molecules")
      json.integer(counts.molecules)
      json.name("texts")
      json.integer(counts.texts)
      json.name("source_ids")
      json.integer(sources)
      json.name("models")
      json.array { json in
        for share in shares {
          json.object { json in
            json.name("name")
            json.string(share.model.name)
            json.name("molecules")
            json.integer(share.embeddings.molecules)
            json.name("texts")
            json.integer(share.embeddings.texts)
            json.name("share")
            json.number(self.share(share))
          }
        }
      }
    }
  }

  static let schema = JSONSchema.object([
    .required("name", .string),
    .required("version", .integer.described("How often it was changed.")),
    .required("created_at", .string(format: "date-time")), .required("items", .integer),
    .required("molecules", .integer), .required("texts", .integer),
    .required("source_ids", .integer.described("At least one for each item.")),
    .required(
      "models",
      .array(
        of: .object([
          .required("name", .string), .required("molecules", .integer),
          .required("texts", .integer),
          .required("share", .number(0...1).described("Which part it has embedded.")),
        ]))),
  ])
}
