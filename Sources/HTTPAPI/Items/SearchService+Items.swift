import AlignAPI
import HTTPDaemon
import Postgres

extension SearchService {
  /// `PUT /v1/corpora/{corpus}/items/{source_id}`.
  func putItem(_ request: HTTPRequest) async throws -> HTTPResponse {
    let model = try model()
    let (corpus, sourceID) = (try request.corpusName(), try request.name("source_id"))
    var fields = try request.fields()
    let record = ItemBody.take(&fields, sourceID: sourceID)
    try fields.finish()
    guard let record else { preconditionFailure("a body without mistakes is a record") }
    let context = try WriteContext(request, operation: "putItem")
    return try await model.items.apply(
      [.put(record)], to: corpus,
      context.steps(request, corpus, sourceID) { connection, outcome in
        let result = outcome.results[0]
        if let refusal = result.refusal { throw APIError.invalid([refusal.item]) }
        guard let item = try ItemStore(connection).find(sourceID, in: corpus) else {
          preconditionFailure("an item that was put is there")
        }
        if result.status != .unchanged {
          try AuditLog(connection).record(
            context.entry("item.put", "\(corpus)/\(sourceID)", .item(item.id)))
        }
        let isNew = result.status == .created
        return KeptAnswer(
          status: isNew ? .created : .ok,
          headers: [.init("ETag", item.entityTag)]
            + (isNew ? [.init("Location", request.target.rawPath)] : []),
          json: item.json(after: result.status, version: outcome.version))
      })
  }

  /// `DELETE /v1/corpora/{corpus}/items/{source_id}`.
  func deleteItem(_ request: HTTPRequest) async throws -> HTTPResponse {
    let model = try model()
    let (corpus, sourceID) = (try request.corpusName(), try request.name("source_id"))
    let context = try WriteContext(request, operation: "deleteItem")
    return try await model.items.apply(
      [.delete(sourceID)], to: corpus,
      context.steps(request, corpus, sourceID) {
        connection, outcome in
        guard let id = outcome.results[0].itemID, outcome.results[0].status == .deleted else {
          throw APIError.absent("item", sourceID)
        }
        try AuditLog(connection).record(
          context.entry("item.delete", "\(corpus)/\(sourceID)", .item(id)))
        var json = JSONWriter()
        json.object { json in
          json.name("id")
          json.integer(id)
          json.name("corpus")
          json.string(corpus)
          json.name("source_id")
          json.string(sourceID)
          json.name("status")
          json.string(ItemResult.Status.deleted.rawValue)
          json.name("corpus_version")
          json.integer(outcome.version)
        }
        return KeptAnswer(json: json.bytes)
      })
  }

  /// `GET /v1/corpora/{corpus}/items/{source_id}`.
  func item(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let (corpus, sourceID) = (try request.corpusName(), try request.name("source_id"))
    let item = try await database.reading.withConnection { connection in
      try ItemStore(connection).find(sourceID, in: corpus)
    }
    guard let item else { throw APIError.absent("item", sourceID) }
    return HTTPResponse(contentType: "application/json", body: item.json).unlessKnown(to: request)
  }

  /// `GET /v1/items/{id}`.
  func itemByNumber(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let id = try request.pathNumber("id", "item")
    let item = try await database.reading.withConnection { try ItemStore($0).find(id) }
    guard let item else { throw APIError.absent("item", "\(id)") }
    return HTTPResponse(contentType: "application/json", body: item.json).unlessKnown(to: request)
  }

  /// `GET /v1/corpora/{corpus}/items`.
  func itemList(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let corpus = try request.corpusName()
    var query = QueryFields(request)
    let limit = query.integer("limit", ItemCursor.limits) ?? ItemCursor.defaultLimit
    let cursor = query.string("cursor").flatMap { text in
      let cursor = ItemCursor(text)
      if cursor == nil { query.refuse("cursor", "found no cursor, expected one from an answer") }
      return cursor
    }
    try query.finish()
    let (items, next) = try await database.reading.withConnection { connection in
      guard let stored = try CorpusStore(connection).find(corpus) else {
        throw APIError.absent("corpus", corpus)
      }
      let store = ItemStore(connection)
      let newest = try cursor?.newest ?? store.newest(in: stored)
      let items = try store.page(
        of: stored, after: cursor?.last ?? 0, upTo: newest, limit: limit + 1)
      let page = items.prefix(limit)
      return (
        Array(page),
        items.count > limit ? page.last.map { ItemCursor(last: $0.id, newest: newest) } : nil
      )
    }
    var json = JSONWriter(capacity: 512 * (items.count + 1))
    json.object { json in
      json.name("items")
      json.array { json in
        for item in items { item.write(to: &json) }
      }
      json.name("cursor")
      json.string(next?.text)
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
      .unlessKnown(to: request)
  }
}

/// Where a list of items goes on: behind an id, up to what was the newest when it began.
struct ItemCursor: Equatable {
  let last: Int64
  let newest: Int64

  static let limits = 1...1000
  static let defaultLimit = 100

  init(last: Int64, newest: Int64) {
    self.last = last
    self.newest = newest
  }

  /// Reads ``text``; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let last = Int64(parts[0]), let newest = Int64(parts[1]), last > 0,
      newest >= last
    else { return nil }
    self.init(last: last, newest: newest)
  }

  var text: String { "\(last)-\(newest)" }
}

extension SearchService.Model {
  /// Writes items under this model.
  var items: ItemWriting { ItemWriting(engine: engine, pool: database.writing) }
}

extension WriteContext {
  /// The steps of a transaction that writes one source id: answered as before where it was done,
  /// refused where the request's preconditions are not met.
  func steps(
    _ request: HTTPRequest, _ corpus: String, _ sourceID: String,
    finish: @escaping @Sendable (Connection, ItemWriteOutcome) throws -> KeptAnswer
  ) -> ItemWriteSteps<HTTPResponse> {
    let precondition = WritePrecondition(request.headers)
    var steps = ItemWriteSteps<HTTPResponse>(
      begin: { try replayed($0) },
      finish: { connection, outcome in try kept(finish(connection, outcome), connection) })
    if precondition.isStated {
      steps.check = { connection in
        try precondition.check(ItemStore(connection).find(sourceID, in: corpus))
      }
    }
    return steps
  }
}

extension JSONText {
  /// What the audit log says of one item.
  static func item(_ id: Int64) -> JSONText { JSONText("{\"id\": \(id)}") }
}
