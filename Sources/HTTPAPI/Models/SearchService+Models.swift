import AlignAPI
import HTTPDaemon
import Postgres

extension SearchService {
  private static let modelParameter = Operation.Parameter(
    name: "model", place: .path, schema: .string(1...ItemBody.longestName),
    text: "The model's name.")

  static let modelOperations = [
    Operation(
      id: "listModels", method: "GET", path: "/v1/models", tag: "models",
      summary: "The models of the database and what each has embedded", scope: .read,
      answers: [.json(.object([.required("models", .array(of: .reference("StoredModel")))]))]
    ) { service, request in try await service.models(request) },
    Operation(
      id: "getModel", method: "GET", path: "/v1/models/{model}", tag: "models",
      summary: "A model and what it has embedded", scope: .read, parameters: [modelParameter],
      answers: [.json(.reference("StoredModel"))], problems: [.unprocessableContent]
    ) { service, request in try await service.model(request) },
    Operation(
      id: "promoteModel", method: "POST", path: "/v1/models/{model}/promote", tag: "models",
      summary: "Make a model the one that answers",
      text: "Servers that were started with its checkpoint load it and switch without a pause.",
      scope: .admin, parameters: [modelParameter, WriteContext.parameter],
      answers: [.json(.reference("StoredModel"))], problems: [.conflict, .unprocessableContent]
    ) { service, request in try await service.promoteModel(request) },
  ]

  static let modelSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "StoredModel",
      .object([
        .required("name", .string),
        .required("checksum", .string.described("SHA-256 of the checkpoint.")),
        .required("dimension", .integer.described("Numbers of a stored vector.")),
        .required("created_at", .string(format: "date-time")),
        .required("is_served", .boolean.described("Whether it answers here.")),
        .required("is_promoted", .boolean),
        .required("promoted_at", .string(format: "date-time").nullable),
        .required("open_jobs", .integer),
        .required("molecules", .integer.described("Molecules that it has embedded.")),
        .required("texts", .integer),
        .required(
          "corpora",
          .array(
            of: .object([
              .required("name", .string),
              .required("share", .number(0...1).described("Which part it has embedded.")),
            ]))),
        .required(
          "dev",
          .reference("Evaluation").nullable.described(
            "How it ranked held-out pairs when it was trained; null unless it is served here.")),
      ])
    )
  ]

  /// `GET /v1/models`.
  private func models(_ request: HTTPRequest) async throws -> HTTPResponse {
    let served = try model()
    let (models, corpora) = try await served.database.reading.withConnection { connection in
      (try ModelStore(connection).overview(), try CorpusStore(connection).overview())
    }
    var json = JSONWriter()
    json.object { json in
      json.name("models")
      json.array { json in
        for entry in models { entry.write(to: &json, corpora: corpora, served: served) }
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
      .unlessKnown(to: request)
  }

  /// `GET /v1/models/{model}`.
  private func model(_ request: HTTPRequest) async throws -> HTTPResponse {
    let served = try model()
    let name = try request.name("model")
    let json = try await served.database.reading.withConnection { connection in
      try Self.json(of: name, connection, served: served)
    }
    return HTTPResponse(contentType: "application/json", body: json).unlessKnown(to: request)
  }

  /// `POST /v1/models/{model}/promote`.
  private func promoteModel(_ request: HTTPRequest) async throws -> HTTPResponse {
    let served = try model()
    let name = try request.name("model")
    return try await write(request, "promoteModel") { connection, context in
      let store = ModelStore(connection)
      guard let model = try store.find(name: name) else { throw APIError.absent("model", name) }
      _ = try store.setPromoted(model, recording: context.entry("model.promote", name))
      return KeptAnswer(json: try Self.json(of: name, connection, served: served))
    }
  }

  private static func json(
    of name: String, _ connection: Connection, served: Model
  ) throws -> [UInt8] {
    let store = ModelStore(connection)
    guard let model = try store.find(name: name) else { throw APIError.absent("model", name) }
    var json = JSONWriter()
    try store.overview(model).write(
      to: &json, corpora: CorpusStore(connection).overview(), served: served)
    return json.bytes
  }
}

extension ModelOverview {
  fileprivate func write(
    to json: inout JSONWriter, corpora: [CorpusOverview], served: SearchService.Model
  ) {
    let isServed = served.checksum == model.checksum
    json.object { json in
      json.name("name")
      json.string(model.name)
      json.name("checksum")
      json.string(model.checksum)
      json.name("dimension")
      json.integer(model.dimension)
      json.name("created_at")
      json.string(model.createdAt.iso8601)
      json.name("is_served")
      json.boolean(isServed)
      json.name("is_promoted")
      json.boolean(isPromoted)
      json.name("promoted_at")
      json.string(promotedAt?.iso8601)
      json.name("open_jobs")
      json.integer(openJobs)
      json.name("molecules")
      json.integer(embeddings.molecules)
      json.name("texts")
      json.integer(embeddings.texts)
      json.name("corpora")
      json.array { json in
        for corpus in corpora {
          guard let share = corpus.shares.first(where: { $0.model.id == model.id }) else {
            continue
          }
          json.object { json in
            json.name("name")
            json.string(corpus.corpus.name)
            json.name("share")
            json.number(corpus.share(share))
          }
        }
      }
      json.name("dev")
      if isServed { served.writeEvaluation(to: &json) } else { json.null() }
    }
  }
}
