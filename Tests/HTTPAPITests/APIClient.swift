import Foundation
import FoundationNetworking
import HTTPDaemon
import Logging
import ModelTestSupport
import Postgres

@testable import AlignAPI
@testable import HTTPAPI

/// A running API on loopback and a client for it.
struct APIClient: Sendable {
  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: Data(body))
    }

    /// The fields of a problem's errors.
    func wrongFields() throws -> [String] {
      try decoded(as: ProblemDetails.self).errors?.map(\.field) ?? []
    }
  }

  /// The parts of a search's answer that tests look at.
  struct Found: Decodable {
    struct Result: Decodable {
      let rank: Int
      let id: Int64
      let sourceId: String
      let corpus: String
      let score: Float
      let smiles: String?
      let text: String?
      let properties: [String: String]
    }
    let model: String
    let results: [Result]
    let milliseconds: [String: Double]
  }

  let service: SearchService
  let server: HTTPServer
  private let session: URLSession

  init() throws {
    let service = SearchService(
      version: "1.2.3",
      log: Logger(label: "test") { _ in
        SwiftLogNoOpLogHandler()
      })
    var configuration = SearchService.configuration(host: "127.0.0.1", port: 0)
    configuration.watchInterval = .milliseconds(10)
    server = try HTTPServer(
      configuration: configuration, immediate: service.respondImmediately,
      handler: service.handler())
    self.service = service
    let settings = URLSessionConfiguration.ephemeral
    settings.httpMaximumConnectionsPerHost = 64
    settings.timeoutIntervalForRequest = 30
    session = URLSession(configuration: settings)
  }

  /// A server that is ready with the fixture's model.
  init(
    _ fixture: SearchFixture, database: ConnectionSettings, waitingLimit: Int = 256,
    statementTimeout: Duration = .seconds(5)
  ) throws {
    try self.init()
    try begin(
      fixture, database: database, waitingLimit: waitingLimit, statementTimeout: statementTimeout)
  }

  /// Runs the body with a server, and drains it.
  ///
  /// A server that is only released blocks its thread, and the daemon's tasks may need that one.
  static func withServer(_ client: APIClient, _ body: (APIClient) async throws -> Void) async throws
  {
    do {
      try await body(client)
    } catch {
      await client.server.drain(deadline: .zero)
      throw error
    }
    await client.server.drain(deadline: .seconds(5))
  }

  /// Loads the fixture's model and vectors.
  func begin(
    _ fixture: SearchFixture, database: ConnectionSettings, waitingLimit: Int = 256,
    statementTimeout: Duration = .seconds(5)
  ) throws {
    let engine = try SearchEngine(
      checkpoint: fixture.checkpoint, database: database,
      inference: InferenceConfiguration(queueLimit: waitingLimit),
      statementTimeout: statementTimeout, metrics: service.engineMetrics)
    service.begin(SearchService.Model(checkpoint: fixture.checkpoint, engine: engine))
  }

  func get(_ path: String) async throws -> Answer {
    try await send(URLRequest(url: try url(path)))
  }

  func post(
    _ path: String, _ body: String, contentType: String = "application/json"
  ) async throws -> Answer {
    var request = URLRequest(url: try url(path))
    request.httpMethod = "POST"
    request.httpBody = Data(body.utf8)
    request.setValue(contentType, forHTTPHeaderField: "Content-Type")
    return try await send(request)
  }

  /// A search with the given members of the body.
  func search(_ members: String) async throws -> Answer {
    try await post("/v1/search", "{\(members)}")
  }

  private func url(_ path: String) throws -> URL {
    guard let url = URL(string: "http://127.0.0.1:\(server.port)\(path)") else {
      throw URLError(.badURL)
    }
    return url
  }

  private func send(_ request: URLRequest) async throws -> Answer {
    let (body, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields {
      headers["\(name)".lowercased()] = "\(value)"
    }
    return Answer(status: response.statusCode, headers: headers, body: Array(body))
  }
}
