import AlignAPI
import Alignment
import ArgumentParser
import Digest
import Foundation
import HTTPAPI
import HTTPDaemon
import Logging
import Postgres
import ServiceLifecycle
import UnixSignals

/// The HTTP server from its first to its last request.
struct APIServer: Service {
  /// At least one.
  let checkpoints: [String]
  let reranker: String?
  let policy: IndexPolicy
  let inference: InferenceConfiguration
  /// Where snapshots lie, one for each model; nil for none.
  let snapshots: String?
  /// Threads that work on uploaded files.
  let indexWorkers: Int
  let lease: Duration
  /// Finds a database that is ready; blocks.
  let database: @Sendable () throws -> ConnectionSettings
  let address: DaemonConfiguration
  let access: ServeAccessOptions
  let logsQueries: Bool
  let log: Logger

  /// Whether another process takes over the address: the one that shares it, or the next one that
  /// the service manager gives the socket to.
  private var isHandedOver: Bool { address.reusePort || address.socketSource == .inherited }

  func run() async throws {
    // Signals are listened to already: one that comes before the end of loading ends it all.
    guard let settings = try await untilShutdown(database) else { return }
    let control = try access.control(at: address.host, database: settings, log: log)
    let service = SearchService(
      version: Ligature.configuration.version, access: control,
      cors: CORSPolicy(origins: access.corsOrigin),
      isLoopbackOnly: access.isLoopbackOnly(at: address),
      logsQueries: logsQueries, log: log)
    var first: SearchService.Model?
    if isHandedOver {
      // Until this server can answer, the one before it does, or connections wait in the socket.
      first = try await firstModel(settings, service)
      if first == nil { return }
    }
    let server = try HTTPServer(
      configuration: address, immediate: service.respondImmediately,
      admission: service.admission, handler: service.handler())
    let host = address.host.contains(":") ? "[\(address.host)]" : address.host
    let scheme = address.tls == nil ? "http" : "https"
    print("listening on \(scheme)://\(host):\(server.port)")
    fflush(nil)
    let reloading = Task { await reloadTLS(of: server) }
    defer { reloading.cancel() }
    let model: SearchService.Model?
    do {
      model = try await answer(settings, service, with: first)
    } catch {
      await server.drain(deadline: .zero)
      throw error
    }
    ServiceNotification.stopping()
    // Who has connected in time to an address that goes on is answered; elsewhere, sent away.
    if !isHandedOver { service.drain() }
    log.info("stopping: \(server.openRequestCount) open requests may finish")
    model?.beginStopping()
    let finished = await server.drain(deadline: .seconds(20))
    // Followed until the last answer, so that it is as fresh as the first.
    model?.stop()
    await control.finish()
    log.info("stopped\(finished ? "" : "; some requests were cut off")")
  }

  /// Reads certificate and key again whenever SIGHUP comes.
  private func reloadTLS(of server: HTTPServer) async {
    for await _ in await UnixSignalsSequence(trapping: .sighup) {
      do throws(TLSError) {
        try server.reloadTLS()
        log.info("certificate and key were read again")
      } catch .notConfigured {
        log.notice("SIGHUP: there is no certificate to read again")
      } catch {
        log.error("the certificate stays what it was: \(error)")
      }
    }
  }

  /// Loads the promoted model, or the first, and lets the service answer with it; nil when the
  /// shutdown begins before.
  private func firstModel(
    _ settings: ConnectionSettings, _ service: SearchService
  ) async throws -> SearchService.Model? {
    let model = try await untilShutdown {
      let promoted = try PromotionWatch.promoted(Connection(settings))
      return try load(
        folder(of: promoted) ?? checkpoints[0], from: settings, metrics: service.engineMetrics)
    }
    if let model { service.begin(model) }
    return model
  }

  /// Answers until the shutdown begins, and returns the last model; loads one unless it is given.
  private func answer(
    _ settings: ConnectionSettings, _ service: SearchService, with first: SearchService.Model?
  ) async throws -> SearchService.Model? {
    let loaded = if let first { first } else { try await firstModel(settings, service) }
    guard var model = loaded else { return nil }
    ServiceNotification.ready()
    if checkpoints.count == 1 {
      try await gracefulShutdown()
    } else {
      for await promoted in PromotionWatch(settings).checksums().cancelOnGracefulShutdown() {
        guard promoted != model.checksum, let folder = folder(of: promoted) else { continue }
        do {
          let next = try await untilShutdown {
            try load(folder, from: settings, metrics: service.engineMetrics)
          }
          guard let next else { break }
          service.begin(next)
          model.stop()
          model = next
        } catch {
          log.error("\(folder) is promoted and cannot be loaded, \(model.name) goes on: \(error)")
        }
      }
    }
    return model
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
    _ checkpoint: String, from settings: ConnectionSettings, metrics: EngineMetrics
  ) throws -> SearchService.Model {
    let start = ContinuousClock.now
    let loaded = try Checkpoint(contentsOf: checkpoint)
    let second = try reranker.map { try Reranker(contentsOf: $0, for: loaded) }
    // A database that does not know the model may be filled by way of the API.
    _ = try ModelStore(Connection(settings)).register(loaded, folder: checkpoint)
    let read = ContinuousClock.now
    let engine = try SearchEngine(
      checkpoint: loaded, reranker: second, database: settings, inference: inference,
      policy: policy, follows: true,
      snapshot: snapshots.map { SearchEngine.snapshot(of: loaded, in: $0) },
      metrics: metrics, log: log)
    log.info(
      "ready",
      metadata: [
        "model": "\(loaded.name)", "molecules": "\(engine.corpora.count(.molecules))",
        "texts": "\(engine.corpora.count(.texts))",
        "model_seconds": "\(seconds(from: start, to: read))",
        "vector_seconds": "\(seconds(from: read, to: .now))",
      ])
    let workers = JobWorkers(
      loaded, settings: settings, count: indexWorkers, lease: lease, log: log)
    workers.start()
    return SearchService.Model(checkpoint: loaded, engine: engine, workers: workers)
  }

  private func seconds(
    from start: ContinuousClock.Instant, to end: ContinuousClock.Instant
  ) -> String {
    String(format: "%.2f", (end - start) / .seconds(1))
  }
}
