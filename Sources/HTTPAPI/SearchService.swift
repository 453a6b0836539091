package import AlignAPI
package import Alignment
import Digest
package import HTTPDaemon
package import Logging
import Synchronization

/// The HTTP API of one model: search, embeddings, health, and what runs here.
///
/// It answers from the start; until ``begin(_:)`` everything that needs the model is 503.
package final class SearchService: Sendable {
  /// A model that is ready to answer.
  package struct Model: Sendable {
    package let name: String
    /// SHA-256 of the checkpoint, in hexadecimal.
    package let checksum: String
    package let evaluation: Evaluation
    package let engine: SearchEngine
    package let database: ServiceDatabase
    /// Works on uploaded files; nil for nothing here.
    package let workers: JobWorkers?

    package init(checkpoint: Checkpoint, engine: SearchEngine, workers: JobWorkers? = nil) {
      database = ServiceDatabase(engine.database)
      self.workers = workers
      name = checkpoint.name
      checksum = checkpoint.checksum.hexadecimal
      evaluation = checkpoint.evaluation
      self.engine = engine
    }

    /// Ends what works for it in the background.
    package func stop() {
      workers?.stop()
      engine.follower.stop()
    }
  }

  /// Ligature's version, as `/v1/info` tells it.
  let version: String
  let log: Logger
  /// The API described in OpenAPI 3.1.
  let description: [UInt8]
  /// Corpora in the plane.
  let maps = CorpusMaps()
  /// Where drawings, searches for patterns and explanations are worked on.
  let computation = ComputationQueue()
  private let current = Mutex<Model?>(nil)

  private let access: AccessControl
  private let cors: CORSPolicy

  /// Asks nobody for a key unless `access` does.
  package init(
    version: String, access: AccessControl? = nil, cors: CORSPolicy = CORSPolicy(), log: Logger
  ) {
    self.version = version
    self.log = log
    self.access = access ?? .open(log: log)
    self.cors = cors
    description = APIDescription(
      version: version, operations: Self.operations, schemas: Self.schemas
    ).encoded()
  }

  /// The daemon's settings that fit this API.
  package static func configuration(host: String, port: UInt16) -> DaemonConfiguration {
    var configuration = DaemonConfiguration()
    configuration.host = host
    configuration.port = port
    return configuration
  }

  /// From now on, requests are answered with this model.
  package func begin(_ model: Model) {
    current.withLock { $0 = model }
  }

  /// The model; throws `.notReady` before there is one.
  func model() throws(APIError) -> Model {
    guard let model = current.withLock({ $0 }) else {
      throw .notReady("The model and its vectors are being loaded.")
    }
    return model
  }

  /// Answers `/livez` on the network thread, so that it is answered however busy the rest is.
  package func respondImmediately(to request: HTTPRequest) -> HTTPResponse? {
    guard request.target.rawPath == "/livez", ["GET", "HEAD"].contains(request.method) else {
      return nil
    }
    return Self.live
  }

  static let live = HTTPResponse(
    contentType: "text/plain; charset=utf-8", body: Array("live\n".utf8))

  /// Every operation, in the order of the description.
  static let operations: [Operation] =
    searchOperations + batchOperations + embeddingOperations + similarityOperations
    + moleculeOperations + structureFileOperations + depictOperations + explainOperations + infoOperations + healthOperations
    + mapOperations + itemOperations + corpusOperations + modelOperations + jobOperations

  /// What the operations' schemas refer to.
  static let schemas: [(name: String, schema: JSONSchema)] =
    [("Problem", .problem)] + searchSchemas + batchSchemas + embeddingSchemas + similaritySchemas
    + moleculeSchemas + explainSchemas + infoSchemas + mapSchemas
    + itemSchemas + corpusSchemas + modelSchemas + jobSchemas

  /// Answers every request; this is the daemon's handler.
  package func responder() -> HTTPHandler {
    let router = router()
    return { [cors] request in
      if let response = cors.preflight(request) { return response }
      var response = await router.respond(to: request)
      cors.allow(request, in: &response)
      return response
    }
  }

  /// Every route of the API.
  func router() -> HTTPRouter {
    var router = HTTPRouter()
    router.add("GET", "/") { request in ConsolePage.embedded.response(to: request) }
    for operation in Self.operations {
      router.add(operation.method, operation.path, handler(of: operation))
    }
    return router
  }

  /// Answers requests for an operation: turns every error into its answer and logs how long it took.
  private func handler(of operation: Operation) -> HTTPHandler {
    { [self] request in
      let start = ContinuousClock.now
      let response: HTTPResponse
      do {
        let grant = try await access.grant(request, operation.scope)
        response = await answer(operation, request, for: grant)
      } catch let error as AccessError {
        response = error.response
      } catch {
        response = APIError(error, log: log).response
      }
      log.debug(
        "\(request.method) \(request.target.rawPath) \(response.status.rawValue)",
        metadata: [
          "request": "\(request.id)", "milliseconds": "\((.now - start).milliseconds)",
        ])
      return response
    }
  }
}

extension SearchService {
  /// The operation's answer, with what is left of the key's limits.
  private func answer(
    _ operation: Operation, _ request: HTTPRequest, for grant: AccessGrant
  ) async -> HTTPResponse {
    var response: HTTPResponse
    do {
      response = try await operation.handle(self, request)
    } catch {
      response = APIError(error, log: log).response
    }
    for field in grant.headers.fields { response.headers[field.name] = field.value }
    return response
  }
}

extension HTTPRequest {
  /// The members of a JSON body; throws `.notJSON` when another media type is stated.
  func fields() throws(APIError) -> RequestFields {
    if let found = headers["Content-Type"] {
      let mediaType = found.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
      guard mediaType == "application/json" else { throw .notJSON(contentType: found) }
    }
    return try RequestFields(body: wholeBody())
  }
}
