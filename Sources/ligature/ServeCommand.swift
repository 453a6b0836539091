import AlignAPI
import Alignment
import ArgumentParser
import Digest
import Foundation
import HTTPDaemon
import Logging
import Postgres
import Retrieval
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer searches over HTTP.",
    discussion: """
      Prints its address when it listens, then loads the model and the indexed vectors; /readyz
      says when it can answer. Items that are indexed, changed or deleted later are seen within a
      second. SIGTERM and SIGINT let the open requests finish and end it; while it
      loads, they end it at once.

      Example:
        ligature serve --model models/m1 --port 8080
        curl -s http://127.0.0.1:8080/v1/search -H 'Content-Type: application/json' \\
          -d '{"text": "selective beta-1 blocker for hypertension", "k": 5}'
      """)

  @Option(
    name: .long, parsing: .singleValue,
    help: """
      The checkpoint's folder; given several times, the promoted model answers (ligature models \
      promote), or the first, and a promotion switches without a pause.
      """)
  var model: [String]

  @Option(
    name: .long,
    help: "A re-ranker of the model (ligature rerank train); it orders the best molecules anew.")
  var rerank: String?

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

  @Option(
    name: .long,
    help: """
      How vectors are searched: exact, coded or graph (default: by number), or by the database \
      with pgvector (ligature db vectors).
      """,
    transform: IndexKind.named)
  var index: IndexKind?

  @Option(
    name: .long,
    help: "Where a snapshot of the vectors is kept for the next start (default: in .ligature).")
  var snapshots: String?

  @Flag(name: .long, help: "Keep no snapshot; read everything from the database.")
  var noSnapshot = false

  @OptionGroup var databaseOptions: DatabaseOptions

  func validate() throws {
    if model.isEmpty { throw ValidationError("Missing expected argument '--model <model>'") }
    if rerank != nil && model.count > 1 {
      throw ValidationError("--rerank: a re-ranker belongs to one model, and several are given")
    }
  }

  func run() async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var log = Logger(label: "ligature")
    log.logLevel = logLevel
    let options = databaseOptions
    let server = APIServer(
      checkpoints: model, reranker: rerank, policy: IndexPolicy(kind: index),
      snapshots: noSnapshot ? nil : snapshots ?? options.homeFolder + "/snapshots",
      database: { try options.readySettings() },
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
  /// At least one.
  let checkpoints: [String]
  let reranker: String?
  let policy: IndexPolicy
  /// Where snapshots lie, one for each model; nil for none.
  let snapshots: String?
  /// Finds a database that is ready; blocks.
  let database: @Sendable () throws -> ConnectionSettings
  let address: DaemonConfiguration
  let service: SearchService
  let log: Logger

  func run() async throws {
    // Signals are listened to already: one that comes before the end of loading ends it all.
    guard let settings = try await untilShutdown(database) else { return }
    let router = service.router()
    let server = try HTTPServer(
      configuration: address, immediate: service.respondImmediately,
      handler: { await router.respond(to: $0) })
    let host = address.host.contains(":") ? "[\(address.host)]" : address.host
    print("listening on http://\(host):\(server.port)")
    fflush(nil)
    do {
      try await answer(settings)
    } catch {
      await server.drain(deadline: .zero)
      throw error
    }
    log.info("stopping: \(server.openRequestCount) open requests may finish")
    let finished = await server.drain(deadline: .seconds(20))
    log.info("stopped\(finished ? "" : "; some requests were cut off")")
  }

  /// Answers with the promoted model, or the first, until the shutdown begins.
  private func answer(_ settings: ConnectionSettings) async throws {
    let first = try await untilShutdown {
      let promoted = try PromotionWatch.promoted(Connection(settings))
      return try load(folder(of: promoted) ?? checkpoints[0], from: settings)
    }
    guard var model = first else { return }
    service.begin(model)
    if checkpoints.count == 1 {
      try await gracefulShutdown()
    } else {
      for await promoted in PromotionWatch(settings).checksums().cancelOnGracefulShutdown() {
        guard promoted != model.checksum, let folder = folder(of: promoted) else { continue }
        do {
          guard let next = try await untilShutdown({ try load(folder, from: settings) }) else {
            break
          }
          service.begin(next)
          model.engine.follower.stop()
          model = next
        } catch {
          log.error("\(folder) is promoted and cannot be loaded, \(model.name) goes on: \(error)")
        }
      }
    }
    model.engine.follower.stop()
  }

  /// The folder of a checkpoint, by the SHA-256 of its config.json; nil when none has it.
  private func folder(of checksum: String?) -> String? {
    guard let checksum else { return nil }
    return checkpoints.first { folder in
      (try? SHA256Digest.ofFile(at: folder + "/config.json"))?.hexadecimal == checksum
    }
  }

  /// Does work that blocks on a thread of its own; nil when the shutdown begins before its end.
  ///
  /// The thread is then left to end with the process.
  private func untilShutdown<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value? {
    let (results, end) = AsyncThrowingStream.makeStream(of: Value.self)
    Thread.detachNewThread {
      do {
        end.yield(try work())
        end.finish()
      } catch {
        end.finish(throwing: error)
      }
    }
    return try await withGracefulShutdownHandler {
      try await results.first { _ in true }
    } onGracefulShutdown: {
      end.finish()
    }
  }

  private func load(
    _ checkpoint: String, from settings: ConnectionSettings
  ) throws -> SearchService.Model {
    let start = ContinuousClock.now
    let loaded = try Checkpoint(contentsOf: checkpoint)
    let second = try reranker.map { try Reranker(contentsOf: $0, for: loaded) }
    let read = ContinuousClock.now
    let engine = try SearchEngine(
      checkpoint: loaded, reranker: second, database: settings, policy: policy, follows: true,
      snapshot: snapshots.map { "\($0)/\(loaded.checksum.hexadecimal.prefix(16))" }, log: log)
    log.info(
      "ready",
      metadata: [
        "model": "\(loaded.name)", "molecules": "\(engine.corpora.count(.molecules))",
        "texts": "\(engine.corpora.count(.texts))",
        "model_seconds": "\(seconds(from: start, to: read))",
        "vector_seconds": "\(seconds(from: read, to: .now))",
      ])
    return SearchService.Model(checkpoint: loaded, engine: engine)
  }

  private func seconds(
    from start: ContinuousClock.Instant, to end: ContinuousClock.Instant
  ) -> String {
    String(format: "%.2f", (end - start) / .seconds(1))
  }
}
