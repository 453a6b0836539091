import AlignAPI
import HTTPDaemon
import Postgres
import Records

extension SearchService {
  /// `POST /v1/jobs`.
  func startJob(_ request: HTTPRequest) async throws -> HTTPResponse {
    let model = try model()
    var query = QueryFields(request)
    let corpus = query.string("corpus") ?? ""
    if let problem = ItemBody.problem(ofName: corpus) { query.refuse("corpus", problem) }
    let stated: UploadFormat? = query.choice("format")
    try query.finish()
    let format = stated ?? request.headers["Content-Type"].flatMap { UploadFormat(mediaType: $0) }
    let checksum = model.checksum
    let response = try await model.database.lasting.withConnection { connection in
      let context = try WriteContext(request, operation: "startJob")
      let file = try UploadedFile(request)
      return try connection.transaction {
        if let response = try context.replayed(connection) { return response }
        let job: Int64
        do {
          let reader = try RecordReader(
            path: file.path, options: .init(format: format?.records))
          job = try JobQueueing(connection, checksum: checksum).queue(
            reader, size: file.size, corpus: corpus)
        } catch let error as RecordsError {
          throw APIError.invalid([error.item])
        }
        try AuditLog(connection).record(
          context.entry("job.start", "\(job)", JSONText("{\"bytes\": \(file.size)}")))
        let json = try Self.json(of: job, connection)
        return try context.kept(
          KeptAnswer(
            status: .accepted, headers: [.init("Location", "/v1/jobs/\(job)")], json: json),
          connection)
      }
    }
    model.workers?.wake()
    return response
  }

  /// `GET /v1/jobs`.
  func jobs(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    var query = QueryFields(request)
    let limit = query.integer("limit", Self.jobLimits) ?? Self.defaultJobs
    let before = query.string("cursor").flatMap { text in
      let id = Int64(text).flatMap { $0 > 0 ? $0 : nil }
      if id == nil { query.refuse("cursor", "found no cursor, expected one from an answer") }
      return id
    }
    try query.finish()
    let jobs = try await database.reading.withConnection { connection in
      try IndexJobStore(connection).summaries(before: before, limit: limit + 1)
    }
    let page = jobs.prefix(limit)
    var json = JSONWriter(capacity: 512 * (page.count + 1))
    json.object { json in
      json.name("jobs")
      json.array { json in
        for job in page { job.write(to: &json) }
      }
      json.name("cursor")
      json.string(jobs.count > limit ? page.last.map { "\($0.job.id)" } : nil)
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
      .unlessKnown(to: request)
  }

  /// `GET /v1/jobs/{job}`.
  func job(_ request: HTTPRequest) async throws -> HTTPResponse {
    let json = try await summary(request).json
    return HTTPResponse(contentType: "application/json", body: json).unlessKnown(to: request)
  }

  /// `DELETE /v1/jobs/{job}`.
  func cancelJob(_ request: HTTPRequest) async throws -> HTTPResponse {
    let id = try request.pathNumber("job", "job")
    return try await write(request, "cancelJob") { connection, context in
      try IndexJobStore(connection).cancel(id)
      try AuditLog(connection).record(context.entry("job.cancel", "\(id)"))
      return KeptAnswer(json: try Self.json(of: id, connection))
    }
  }

  /// `GET /v1/jobs/{job}/events`.
  func jobEvents(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let events = JobEvents(
      database: database, job: try await summary(request).job.id,
      lastID: request.headers["Last-Event-ID"])
    var response = HTTPResponse(
      contentType: "text/event-stream",
      stream: HTTPStream { output in try await events.write(to: output) })
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
  }

  /// `GET /v1/jobs/{job}/rejects`.
  func jobRejects(_ request: HTTPRequest) async throws -> HTTPResponse {
    let database = try model().database
    let job = try await summary(request).job
    let stream = HTTPStream { output in
      try await BlockPipe.run(
        { put in
          try await database.exporting.withConnection { connection in
            var block: [UInt8] = []
            try IndexJobStore(connection).forEachReject(of: job.id, path: job.path ?? "") { row in
              block += row.json
              if block.count >= 64 << 10 {
                try put(block)
                block = []
              }
            }
            try put(block)
          }
        }, to: output)
    }
    return HTTPResponse(contentType: "application/x-ndjson", stream: stream)
  }

  static let jobLimits = 1...100
  static let defaultJobs = 20

  private func summary(_ request: HTTPRequest) async throws -> IndexJobSummary {
    let database = try model().database
    let id = try request.pathNumber("job", "job")
    let found = try await database.reading.withConnection { try IndexJobStore($0).summary(id) }
    guard let found else { throw APIError.absent("job", "\(id)") }
    return found
  }

  private static func json(of job: Int64, _ connection: Connection) throws -> [UInt8] {
    guard let summary = try IndexJobStore(connection).summary(job) else {
      throw APIError.absent("job", "\(job)")
    }
    return summary.json
  }
}

extension RecordsError {
  /// What is wrong with an uploaded file.
  fileprivate var item: ProblemDetails.Item {
    let place = line.map { "line \($0)" + (field.map { ", field \($0)" } ?? "") + ": " } ?? ""
    return .init(
      field: "body", offset: byteOffset, detail: "\(place)found \(found), expected \(expected)")
  }
}

extension RejectedRecord {
  /// One line of NDJSON.
  fileprivate var json: [UInt8] {
    var json = JSONWriter(capacity: 256)
    json.object { json in
      json.name("line")
      json.integer(line)
      json.name("field")
      json.string(field)
      json.name("found")
      json.string(found)
      json.name("expected")
      json.string(expected)
      json.name("raw")
      json.string(raw)
    }
    return json.bytes + [10]
  }
}
