import AlignAPI
import Alignment
import ArgumentParser
import Foundation
import HTTPDaemon
import Logging
import Postgres
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer searches over HTTP.",
    discussion: """
      Prints its address when it listens, then loads the model and the indexed vectors; /readyz
      says when it can answer. SIGTERM and SIGINT let the open requests finish and end it.

      Example:
        ligature serve --model models/m1 --port 8080
        curl -s http://127.0.0.1:8080/v1/search -H 'Content-Type: application/json' \\
          -d '{"text": "selective beta-1 blocker for hypertension", "k": 5}'
      """)

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "The address to listen on, numeric or localhost.")
  var host = "127.0.0.1"

  @Option(name: .long, help: "The port to listen on; 0 takes a free one.")
  var port: UInt16 = 8080

  @Option(
    name: .long, help: "What is logged to standard error; debug logs every request.",
    transform: { word in
      guard let level = Logger.Level(rawValue: word) else {
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(word)' is none of: \(known)")
      }
      return level
    })
  var logLevel = Logger.Level.info

  @OptionGroup var databaseOptions: DatabaseOptions

  func run() async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var log = Logger(label: "ligature")
    log.logLevel = logLevel
    let server = APIServer(
      checkpoint: model, database: try databaseOptions.readySettings(),
      address: SearchService.configuration(host: host, port: port),
      service: SearchService(version: Ligature.configuration.version, log: log), log: log)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
    configuration.maximumGracefulShutdownDuration = .seconds(30)
    try await ServiceGroup(configuration: configuration).run()
  }
}

/// The HTTP server from its first to its last request.
private struct APIServer: Service {
  let checkpoint: String
  let database: ConnectionSettings
  let address: DaemonConfiguration
  let service: SearchService
  let log: Logger

  func run() async throws {
    let router = service.router()
    let server = try HTTPServer(
      configuration: address, immediate: service.respondImmediately,
      handler: { await router.respond(to: $0) })
    let host = address.host.contains(":") ? "[\(address.host)]" : address.host
    print("listening on http://\(host):\(server.port)")
    fflush(nil)
    do {
      service.begin(try await load())
    } catch {
      await server.drain(deadline: .zero)
      throw error
    }
    try await gracefulShutdown()
    log.info("stopping: \(server.openRequestCount) open requests may finish")
    let finished = await server.drain(deadline: .seconds(20))
    log.info("stopped\(finished ? "" : "; some requests were cut off")")
  }

  /// Loads on a thread of its own, because it blocks for seconds.
  private func load() async throws -> SearchService.Model {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            let start = ContinuousClock.now
            let loaded = try Checkpoint(contentsOf: checkpoint)
            let read = ContinuousClock.now
            let engine = try SearchEngine(checkpoint: loaded, database: database)
            log.info(
              "ready",
              metadata: [
                "model": "\(loaded.name)", "molecules": "\(engine.molecules.count)",
                "texts": "\(engine.texts.count)",
                "model_seconds": "\(seconds(from: start, to: read))",
                "vector_seconds": "\(seconds(from: read, to: .now))",
              ])
            return SearchService.Model(checkpoint: loaded, engine: engine)
          })
      }
    }
  }

  private func seconds(
    from start: ContinuousClock.Instant, to end: ContinuousClock.Instant
  ) -> String {
    String(format: "%.2f", (end - start) / .seconds(1))
  }
}
