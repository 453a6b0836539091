import Synchronization

/// The network thread's side. Each call returns whether the connection may live on.
extension DaemonCore {
  func connectionOpened(_ connection: NativeConnection) {
    let (socket, peer) = (connection.socket, connection.peer)
    registry.withLock { registry in
      registry.opened(socket, from: peer, now: .now)
      peers.add(socket)
    }
    callbacks.observer?.connectionOpened()
  }

  func connectionClosed(_ connection: NativeConnection) {
    registry.withLock { $0.closed(connection.socket) }
    callbacks.observer?.connectionClosed()
  }

  func requestBegan(connection: NativeConnection, rawTarget: String?) -> Exchange {
    let socket = connection.socket
    let peer = registry.withLock { $0.requestBegan(socket, now: .now) }
    callbacks.observer?.requestBegan()
    return Exchange(connection: connection, socket: socket, rawTarget: rawTarget, peer: peer)
  }

  func requestEnded(_ exchange: Exchange, isComplete: Bool) {
    if case .streaming = exchange.stage { exchange.cancel() }
    registry.withLock { $0.requestEnded(exchange.socket, now: .now) }
    guard let observer = callbacks.observer else { return }
    exchange.end(status: exchange.connection.status, isComplete: isComplete)
    observer.requestEnded(exchange.record)
  }

  /// The header fields are complete; a body may follow.
  func headersArrived(_ exchange: Exchange, method: String, version: String) -> Bool {
    exchange.record.method = method
    registry.withLock { $0.headersArrived(exchange.socket) }
    let headers = exchange.connection.headers()
    let sent = headers["X-Request-Id"] ?? ""
    exchange.record.id = RequestIdentifierSource.isUsable(sent) ? sent : identifiers.next()
    if let problem = headers.framingProblem(method: method, version: version) {
      return send(problem.response(), for: exchange)
    }
    guard let rawTarget = exchange.rawTarget else {
      let detail = "The request target is not UTF-8."
      return send(ProblemDetails(status: .badRequest, detail: detail).response(), for: exchange)
    }
    do {
      let target = try RequestTarget(parsing: rawTarget)
      let length = headers["Content-Length"].map { Int($0) ?? .max }
      var request = HTTPRequest(
        method: method, target: target, headers: headers, id: exchange.record.id)
      request.peer = exchange.record.peer
      request.isSecure = configuration.tls != nil
      let admission = callbacks.admission?(request) ?? BodyAdmission()
      if let refusal = admission.refusal { return send(refusal, for: exchange) }
      let limit = admission.limit ?? configuration.maximumBodyBytes
      guard length ?? 0 <= limit else {
        return send(tooLarge(found: "\(length ?? 0) bytes", limit: limit), for: exchange)
      }
      guard let coding = ContentCoding(contentEncoding: headers.values(of: "Content-Encoding"))
      else { return send(unknownCoding, for: exchange) }
      var body = IncomingBody(
        expected: length, coding: coding, limit: limit,
        threshold: configuration.spoolThresholdBytes)
      body.check = admission.check
      exchange.stage = .reading(request, body)
      return true
    } catch {
      return send(
        ProblemDetails(status: .badRequest, detail: error.message).response(), for: exchange)
    }
  }

  /// The request is complete, or the connection has been resumed.
  func requestComplete(_ exchange: Exchange) -> Bool {
    switch exchange.stage {
    case .reading(let request, var body):
      if let problem = collectBlock(of: exchange, &body) { return send(problem, for: exchange) }
      return dispatch(request, body, exchange)
    case .discarding(_, let response):
      return send(response, for: exchange)
    case .handling:
      guard let response = exchange.response else { return true }
      return send(response, for: exchange)
    case .begun, .answered, .streaming:
      return true
    }
  }

  private func dispatch(
    _ request: HTTPRequest, _ body: IncomingBody, _ exchange: Exchange
  ) -> Bool {
    if body.received == 0, let response = callbacks.immediate?(request) {
      return send(response, for: exchange)
    }
    guard registry.withLock({ $0.admit(exchange.socket) }) else {
      return send(unavailable("The server is busy."), for: exchange)
    }
    exchange.stage = .handling
    exchange.connection.suspend()
    guard registry.withLock({ $0.suspended(exchange.socket, request: exchange) }) else {
      registry.withLock { $0.handlerEnded() }
      settle(exchange, stoppingResponse)
      return true
    }
    let task = Task { [self] in
      let response = await answer(request, body)
      registry.withLock { $0.handlerEnded() }
      settle(exchange, response)
    }
    exchange.attach(task)
    return true
  }

  /// Puts the body together, runs the handler and compresses its answer.
  private func answer(_ request: HTTPRequest, _ body: IncomingBody) async -> HTTPResponse {
    if body.mayNeedDisk, let refusal = await body.check?() { return refusal }
    let complete: HTTPRequest
    do throws(BodyProblem) {
      complete =
        body.mayNeedDisk
        ? try await spool.complete(body, request)
        : try body.completed(request, spool: spool.create)
    } catch {
      return error.response
    }
    return await callbacks.handler(complete).compressed(for: complete)
  }

  private func send(_ response: HTTPResponse, for exchange: Exchange) -> Bool {
    if case .stream(let stream) = response.body {
      return send(response, stream, for: exchange)
    }
    exchange.stage = .answered
    exchange.record.route = response.route
    if exchange.record.method != "HEAD", response.status.allowsBody {
      exchange.record.bytesSent = response.bytes.count
    }
    let isLast = registry.withLock { registry in
      registry.responding(exchange.socket, count: exchange.record.bytesSent, now: .now)
      return registry.acceptance != .open
    }
    return exchange.connection.send(response, identifier: exchange.record.id, isLast: isLast)
  }

  private func send(
    _ response: HTTPResponse, _ stream: HTTPStream, for exchange: Exchange
  ) -> Bool {
    let pipe = StreamPipe(exchange.connection)
    exchange.stage = .streaming
    exchange.record.route = response.route
    exchange.attach(pipe)
    let (mayProduce, isLast) = registry.withLock { registry in
      (registry.streaming(exchange.socket, request: exchange), registry.acceptance != .open)
    }
    let hasBody = exchange.record.method != "HEAD" && response.status.allowsBody
    if !mayProduce || !hasBody { pipe.breakOff() }
    let isSent = exchange.connection.send(
      response, through: pipe, hasBody: hasBody, identifier: exchange.record.id, isLast: isLast)
    guard mayProduce else { return isSent }
    guard isSent, hasBody else {
      registry.withLock { $0.producerEnded() }
      return isSent
    }
    let task = Task { [self] in
      do {
        try await stream.produce(HTTPStreamWriter(pipe.write))
        pipe.finish()
      } catch {
        pipe.breakOff()
      }
      registry.withLock { $0.producerEnded() }
    }
    exchange.attach(task)
    return true
  }

  private var unknownCoding: HTTPResponse {
    ProblemDetails(
      status: .unsupportedMediaType, detail: "A body may be coded with gzip, or not at all."
    ).response(headers: ["Accept-Encoding": "gzip"])
  }
}
