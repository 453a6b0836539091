import Foundation
import FoundationNetworking
import HTTPDaemon
import Logging
import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

/// A running API that follows its database, and a client that holds every answer against its
/// description.
struct WritingClient: Sendable {
  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// A member of a JSON object, by a path of names.
    subscript(path: String...) -> JSONDocument? {
      var value = try? JSONDocument(parsing: body)
      for name in path {
        guard case .object(let members)? = value else { return nil }
        value = members.first { $0.name == name }?.value
      }
      return value
    }

    func string(_ name: String) -> String? {
      if case .string(let text)? = self[name] { text } else { nil }
    }

    func integer(_ name: String) -> Int? {
      if case .number(let text)? = self[name] { Int(text) } else { nil }
    }

    /// The fields of a problem's errors.
    var wrongFields: [String] {
      guard case .array(let errors)? = self["errors"] else { return [] }
      return errors.compactMap { error in
        guard case .object(let members) = error,
          let field = members.first(where: { $0.name == "field" }),
          case .string(let name) = field.value
        else { return nil }
        return name
      }
    }

    /// The lines of a body of many lines.
    var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  let service: SearchService
  let server: HTTPServer
  let settings: ConnectionSettings
  let model: SearchService.Model
  private let session: URLSession

  init(
    _ fixture: SearchFixture, database settings: ConnectionSettings, workers count: Int = 0
  ) throws {
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    service = SearchService(version: "1", log: log)
    var configuration = SearchService.configuration(host: "127.0.0.1", port: 0)
    configuration.watchInterval = .milliseconds(10)
    server = try HTTPServer(
      configuration: configuration, immediate: service.respondImmediately,
      admission: service.admission, handler: service.handler())
    self.settings = settings
    let engine = try SearchEngine(
      checkpoint: fixture.checkpoint, database: settings,
      inference: InferenceConfiguration(queueLimit: 256), follows: true)
    let workers = JobWorkers(
      fixture.checkpoint, settings: settings, count: count, lease: .seconds(5), log: log)
    workers.start()
    model = SearchService.Model(checkpoint: fixture.checkpoint, engine: engine, workers: workers)
    service.begin(model)
    let options = URLSessionConfiguration.ephemeral
    options.httpMaximumConnectionsPerHost = 64
    options.timeoutIntervalForRequest = 60
    session = URLSession(configuration: options)
  }

  /// Runs the body with a server on a database of its own, and ends it.
  static func run(
    workers: Int = 0, on settings: ConnectionSettings? = nil,
    _ body: (WritingClient) async throws -> Void
  ) async throws {
    let fixture = try SearchFixture.shared()
    let client = try WritingClient(
      fixture, database: settings ?? fixture.makeDatabase(), workers: workers)
    func end() async {
      client.model.stop()
      #expect(await client.server.drain(deadline: .seconds(5)))
    }
    do {
      try await body(client)
    } catch {
      await end()
      throw error
    }
    await end()
  }

  /// Sends a request; the answer must be as it is described.
  func send(
    _ method: String, _ path: String, _ body: String? = nil, _ headers: [String: String] = [:]
  ) async throws -> Answer {
    try await send(method, path, data: body.map { Data($0.utf8) }, headers)
  }

  func send(
    _ method: String, _ path: String, data: Data?, _ headers: [String: String] = [:]
  ) async throws -> Answer {
    guard let url = URL(string: "http://127.0.0.1:\(server.port)\(path)") else {
      throw URLError(.badURL)
    }
    var request = URLRequest(url: url)
    request.httpMethod = method
    if let data {
      request.httpBody = data
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (received, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    var fields: [String: String] = [:]
    for (name, value) in response.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
    let problems = try SchemaCheck.problems(
      method, path, status: response.statusCode, mediaType: fields["content-type"] ?? "",
      body: Array(received))
    #expect(problems.isEmpty, "\(method) \(path)")
    return Answer(status: response.statusCode, headers: fields, body: Array(received))
  }

  /// Puts an item of the corpus "written".
  @discardableResult
  func put(
    _ id: String, _ body: String, _ headers: [String: String] = [:]
  ) async throws -> Answer {
    try await send("PUT", "/v1/corpora/written/items/\(id)", body, headers)
  }

  func get(_ id: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await send("GET", "/v1/corpora/written/items/\(id)", nil, headers)
  }

  func delete(_ id: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await send("DELETE", "/v1/corpora/written/items/\(id)", nil, headers)
  }

  /// Many items of the corpus "written".
  func post(_ lines: [String], _ headers: [String: String] = [:]) async throws -> Answer {
    try await send(
      "POST", "/v1/corpora/written/items", lines.joined(separator: "\n") + "\n",
      ["Content-Type": "application/x-ndjson"].merging(headers) { $1 })
  }

  /// Uploads a file for the corpus "uploaded".
  func upload(
    _ lines: [String], _ headers: [String: String] = ["Content-Type": "text/tab-separated-values"],
    query: String = ""
  ) async throws -> Answer {
    try await send(
      "POST", "/v1/jobs?corpus=uploaded\(query)", lines.joined(separator: "\n") + "\n", headers)
  }

  /// Waits for a job's end.
  func finished(_ job: Int) async throws -> Answer {
    let start = ContinuousClock.now
    while true {
      let answer = try await send("GET", "/v1/jobs/\(job)")
      if ["done", "failed", "cancelled"].contains(answer.string("state") ?? "") { return answer }
      try #require(ContinuousClock.now - start < .seconds(60), "job \(job): \(answer.text)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// One text for each row of a query; columns are joined by `|`, NULL is `-`.
  func rows(_ query: SQLStatement) throws -> [String] {
    let rows = try Connection(settings).query(query)
    return try rows.map { row in
      try rows.columnNames.indices.map { try row.value(at: $0, as: String?.self) ?? "-" }
        .joined(separator: "|")
    }
  }
}
