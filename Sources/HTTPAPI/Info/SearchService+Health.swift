import AlignAPI
import HTTPDaemon
import Synchronization

extension SearchService {
  static let healthOperations = [
    Operation(
      id: "getLiveness", method: "GET", path: "/livez", tag: "health",
      summary: "Whether the process runs", scope: .open, answers: [plainText]
    ) { _, _ in live },
    Operation(
      id: "getReadiness", method: "GET", path: "/readyz", tag: "health",
      summary: "Whether the model is loaded and the database answers", scope: .open,
      answers: [plainText]
    ) { service, _ in try await service.ready() },
    Operation(
      id: "getDescription", method: "GET", path: "/openapi.json", tag: "health",
      summary: "This description", scope: .open,
      answers: [.json(.object([], isOpen: true), "OpenAPI 3.1.")]
    ) { service, request in
      HTTPResponse(contentType: "application/json", body: service.description)
        .unlessKnown(to: request)
    },
  ]

  private static let plainText = Operation.Answer(
    status: .ok, text: "One word.", contents: [("text/plain; charset=utf-8", .string)])

  private func ready() async throws -> HTTPResponse {
    if isDraining { throw APIError.draining }
    let model = try model()
    // Asked by anyone, without a key: the database is asked four times a second at most.
    let now = ContinuousClock.now
    if readyAt.withLock({ $0.map { now - $0 > .milliseconds(250) } ?? true }) {
      try await model.engine.checkDatabase()
      readyAt.withLock { $0 = now }
    }
    return HTTPResponse(contentType: "text/plain; charset=utf-8", body: Array("ready\n".utf8))
  }
}
