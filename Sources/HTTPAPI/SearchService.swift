package import AlignAPI
package import Alignment
import Digest
package import HTTPDaemon
package import Logging
package import PrometheusText
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
      database = ServiceDatabase(engine.settings)
      self.workers = workers
      name = checkpoint.name
      checksum = checkpoint.checksum.hexadecimal
      evaluation = checkpoint.evaluation
      self.engine = engine
    }

    /// Ends streams that would last for ever.
    package func beginStopping() { database.isStopping.raise() }

    /// Ends what works for it in the background.
    package func stop() {
      beginStopping()
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
  /// What is measured, of requests and of the engine alike.
  package let registry = MetricRegistry(MetricDescription.service)
  /// For the engines that answer: they record in ``registry``.
  package let engineMetrics: EngineMetrics
  let requests: RequestMetrics
  let ages = Mutex(KnowledgeAges.Kept())
  /// Whether texts and SMILES may be logged.
  let logsQueries: Bool
  private let livenessMetrics: RequestMetrics.Route
  private let unknownMetrics: RequestMetrics.Route
  /// Where drawings, searches for patterns and explanations are worked on.
  let computation = ComputationQueue()
  private let current = Mutex<Model?>(nil)
  private let draining = Atomic(false)

  let access: AccessControl
  let cors: CORSPolicy
  let foreignPages: ForeignPageGuard
  /// When the database last answered for `/readyz`.
  let readyAt = Mutex<ContinuousClock.Instant?>(nil)

  /// Asks nobody for a key unless `access` does; `isLoopbackOnly` says that only this computer reaches
  /// it, so that a foreign `Host` is a mistake or an attack.
  package init(
    version: String, access: AccessControl? = nil, cors: CORSPolicy = CORSPolicy(),
    isLoopbackOnly: Bool = false, logsQueries: Bool = false, log: Logger
  ) {
    self.version = version
    self.logsQueries = logsQueries
    self.log = log
    self.access = access ?? .open(log: log)
    self.cors = cors
    foreignPages = ForeignPageGuard(
      isOn: !self.access.isOn, isLoopbackOnly: isLoopbackOnly, cors: cors)
    engineMetrics = EngineMetrics(registry)
    requests = RequestMetrics(registry)
    livenessMetrics = requests.route("/livez", method: "GET")
    unknownMetrics = requests.route("other", method: "other")
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

  /// From now on every new request is answered with 503, but for those about the server's health.
  package func drain() { draining.store(true, ordering: .relaxed) }

  var isDraining: Bool { draining.load(ordering: .relaxed) }

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
    livenessMetrics.record(.ok, .zero)
    return Self.live
  }

  static let live = HTTPResponse(
    contentType: "text/plain; charset=utf-8", body: Array("live\n".utf8))

  /// Every operation, in the order of the description.
  static let operations: [Operation] =
    [
      searchOperations, batchOperations, embeddingOperations, similarityOperations,
      moleculeOperations, structureFileOperations, depictOperations, explainOperations,
      itemOperations, corpusOperations, mapOperations, modelOperations, jobOperations,
      infoOperations, expertOperations, healthOperations, metricOperations,
    ].flatMap { $0 }

  /// What the operations' schemas refer to.
  static let schemas: [(name: String, schema: JSONSchema)] =
    [
      [("Problem", .problem)], searchSchemas, batchSchemas, embeddingSchemas, similaritySchemas,
      moleculeSchemas, explainSchemas, itemSchemas, corpusSchemas, mapSchemas, modelSchemas,
      jobSchemas, infoSchemas, expertSchemas,
    ].flatMap { $0 }

  /// Every route of the API.
  func router() -> HTTPRouter {
    var router = HTTPRouter()
    router.add("GET", "/") { request in ConsolePage.embedded.response(to: request) }
    for operation in Self.operations {
      router.add(operation.method, operation.path, handler(of: operation))
    }
    return router
  }

  /// The daemon's handler: every route, and what is none counted as `other`.
  package func handler() -> HTTPHandler {
    let router = router()
    return { [self] request in
      if let response = cors.preflight(request) { return response }
      let start = ContinuousClock.now
      var response = await router.respond(to: request)
      // Operations answer with a span of their own; what has none was answered by no operation.
      if response.headers["traceparent"] == nil {
        unknownMetrics.record(response.status, .now - start)
      }
      cors.allow(request, in: &response)
      return response
    }
  }

  /// Answers requests for an operation: turns every error into its answer, measures and logs.
  private func handler(of operation: Operation) -> HTTPHandler {
    let metrics = requests.route(operation.path, method: operation.method)
    // Those with parameters find unknown ones among their other mistakes.
    let takesQuery = operation.parameters.contains { $0.place == .query }
    return { [self] request in
      let start = ContinuousClock.now
      var random = SystemRandomNumberGenerator()
      let trace = TraceContext(
        traceparents: request.headers.values(of: "traceparent"), random: &random)
      requests.begin()
      defer { requests.end() }
      var response: HTTPResponse
      var limits = HTTPHeaders()
      do {
        if isDraining && operation.tag != "health" { throw APIError.draining }
        if operation.scope != .open {
          try foreignPages.check(request)
          let grant = try await access.grant(request, operation.scope)
          limits = grant.headers
          if !takesQuery {
            var query = QueryFields(request)
            try query.finish()
          }
          response = try await Actor.$current.withValue(grant.actor) {
            try await RequestLog.$current.withValue(RequestLog(request, trace)) {
              try await operation.handle(self, request)
            }
          }
        } else {
          response = try await operation.handle(self, request)
        }
      } catch {
        let error = APIError(error, log: RequestLog(request, trace).naming(log))
        if let refusal = error.refusal { requests.count(refusal) }
        response = error.response
      }
      for field in limits.fields { response.headers[field.name] = field.value }
      response.headers["traceparent"] = trace.traceparent
      let time = ContinuousClock.now - start
      metrics.record(response.status, time)
      log.debug(
        "request", metadata: logsQueries ? metadata(of: request) : nil, about: request, trace,
        response.status, route: operation.path, time)
      return response
    }
  }

  /// What a request asked: its target as sent and the begin of its body.
  private func metadata(of request: HTTPRequest) -> Logger.Metadata {
    [
      "target": "\(request.target.rawPath)",
      "body": "\(String(decoding: request.body.prefix(4096), as: UTF8.self))",
    ]
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

extension Logger {
  /// Logs that a request was answered; neither texts nor SMILES unless they are given.
  fileprivate func debug(
    _ message: Logger.Message, metadata: @autoclosure () -> Logger.Metadata?,
    about request: HTTPRequest, _ trace: TraceContext, _ status: HTTPStatus, route: String,
    _ time: Duration
  ) {
    debug(
      message,
      metadata: {
        var all: Logger.Metadata = [
          "request_id": "\(request.id)", "trace_id": "\(trace.traceID)",
          "span_id": "\(trace.spanID)", "method": "\(request.method)", "route": "\(route)",
          "status": .stringConvertible(status.rawValue),
          "milliseconds": .stringConvertible(time.milliseconds),
        ]
        if let parent = trace.parentID { all["parent_id"] = "\(parent)" }
        if let more = metadata() { all.merge(more) { first, _ in first } }
        return all
      }())
  }
}
