import AlignAPI
import Depiction
import HTTPDaemon
import Logging
import Postgres

extension SearchService {
  static let corpusOperations = [
    Operation(
      id: "listCorpora", method: "GET", path: "/v1/corpora", tag: "corpora",
      summary: "Corpora and what they hold", scope: .read,
      answers: [.json(.object([.required("corpora", .array(of: .reference("Corpus")))]))]
    ) { service, request in try await service.corpora(request) },
    Operation(
      id: "getCorpus", method: "GET", path: "/v1/corpora/{corpus}", tag: "corpora",
      summary: "A corpus and what it holds", scope: .read, parameters: [corpusParameter],
      answers: [.json(.reference("Corpus"))], problems: [.unprocessableContent]
    ) { service, request in try await service.corpus(request) },
    Operation(
      id: "deleteCorpus", method: "DELETE", path: "/v1/corpora/{corpus}", tag: "corpora",
      summary: "Delete a corpus with its items, embeddings and jobs",
      text: """
        Items go in transactions of 10,000, and the answer comes when the last is gone. Cut off, the \
        same request goes on.
        """,
      scope: .admin, parameters: [corpusParameter, WriteContext.parameter],
      answers: [
        .json(.object([.required("corpus", .string), .required("deleted_items", .integer)]))
      ], problems: [.conflict, .unprocessableContent]
    ) { service, request in try await service.dropCorpus(request) },
    Operation(
      id: "exportCorpus", method: "GET", path: "/v1/corpora/{corpus}/export", tag: "corpora",
      summary: "A corpus as a file: one row for each source id, by id",
      text: """
        All rows are of one moment. A file that could not be ended is cut off. A table cannot hold \
        tabs and line ends: 409.
        """, scope: .read,
      parameters: [
        corpusParameter,
        .init(
          name: "format", place: .query, schema: .word(of: CorpusExport.Format.self),
          text: "How rows are written; ndjson by default. smi and sdf leave out texts alone."),
      ],
      answers: [
        .init(
          status: .ok, text: "The file.",
          contents: CorpusExport.Format.allCases.map { ($0.mediaType, .string) })
      ], problems: [.conflict]
    ) { service, request in try await service.export(request) },
  ]

  static let corpusSchemas: [(name: String, schema: JSONSchema)] = [
    ("Corpus", CorpusOverview.schema)
  ]

  /// `GET /v1/corpora`.
  private func corpora(_ request: HTTPRequest) async throws -> HTTPResponse {
    let corpora = try await model().database.reading.withConnection {
      try CorpusStore($0).overview()
    }
    var json = JSONWriter()
    json.object { json in
      json.name("corpora")
      json.array { json in
        for corpus in corpora { corpus.write(to: &json) }
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
      .unlessKnown(to: request)
  }

  /// `GET /v1/corpora/{corpus}`.
  private func corpus(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let name = try request.corpusName()
    let corpus = try await database.reading.withConnection { connection in
      let store = CorpusStore(connection)
      return try store.find(name).map { try store.overview($0) }
    }
    guard let corpus else { throw APIError.absent("corpus", name) }
    var json = JSONWriter()
    corpus.write(to: &json)
    return HTTPResponse(contentType: "application/json", body: json.bytes)
      .unlessKnown(to: request)
  }

  /// `DELETE /v1/corpora/{corpus}`.
  private func dropCorpus(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let name = try request.corpusName()
    let context = try WriteContext(request, operation: "deleteCorpus")
    let isOver = StopFlag()
    return try await withTaskCancellationHandler {
      try await database.lasting.withConnection { connection in
        if let response = try connection.transaction({ try context.replayed(connection) }) {
          return response
        }
        let store = CorpusStore(connection)
        guard let corpus = try store.find(name) else { throw APIError.absent("corpus", name) }
        var deleted = 0
        var response: HTTPResponse?
        try store.drop(
          corpus, recording: context.entry("corpus.delete", name),
          shouldStop: { isOver.isRaised }, report: { deleted = $0.deleted },
          finish: {
            var json = JSONWriter()
            json.object { json in
              json.name("corpus")
              json.string(name)
              json.name("deleted_items")
              json.integer(deleted)
            }
            response = try context.kept(KeptAnswer(json: json.bytes), connection)
          })
        guard let response else { throw CancellationError() }
        return response
      }
    } onCancel: {
      isOver.raise()
    }
  }

  /// `GET /v1/corpora/{corpus}/export`.
  private func export(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let name = try request.corpusName()
    var query = QueryFields(request)
    let format: CorpusExport.Format = query.choice("format") ?? .ndjson
    try query.finish()
    let found = try await database.reading.withConnection { try CorpusStore($0).find(name) }
    guard let corpus = found else { throw APIError.absent("corpus", name) }
    if format == .tsv { try await checkTable(corpus, database) }
    let log = requestLog
    let stream = HTTPStream { output in
      do {
        try await BlockPipe.run(
          { put in
            try await database.exporting.withConnection { connection in
              _ = try CorpusExport(
                connection, corpus, format: format,
                layout: { try? MoleculeLayout(of: $0).positions }
              ).write(to: put)
            }
          }, to: output)
      } catch let error where !(error is CancellationError) {
        log.warning("export of \(name): \(error.loggable)")
        throw error
      }
    }
    var response = HTTPResponse(contentType: format.mediaType, stream: stream)
    response.headers["Content-Disposition"] =
      "attachment; filename=\"\(Self.fileName(name)).\(format.rawValue)\""
    return response
  }

  /// Sees whether a table can hold the corpus, before its first byte is sent; 409 when it cannot.
  private func checkTable(_ corpus: StoredCorpus, _ database: ServiceDatabase) async throws {
    do {
      try await database.exporting.withConnection { connection in
        _ = try CorpusExport(connection, corpus, format: .tsv, layout: { _ in nil })
          .write { _ in }
      }
    } catch let error as ExportError {
      throw APIError.refused(.conflict, "\(error)")
    }
  }

  /// The name without what file systems and header fields do not take.
  private static func fileName(_ name: String) -> String {
    String(
      name.prefix(100).map { character in
        character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
          ? character : "_"
      })
  }
}

extension CorpusExport.Format {
  var mediaType: String {
    switch self {
    case .tsv: "text/tab-separated-values"
    case .ndjson: "application/x-ndjson"
    case .smi: "chemical/x-daylight-smiles"
    case .sdf: "chemical/x-mdl-sdfile"
    }
  }
}
