import Synchronization

/// The network thread's side. Each call returns whether the connection may live on.
extension DaemonCore {
  func requestBegan(connection: NativeConnection, socket: Int32, rawTarget: String) -> Exchange {
    registry.withLock { $0.requestBegan(socket, now: .now) }
    return Exchange(connection: connection, socket: socket, rawTarget: rawTarget)
  }

  func requestEnded(_ exchange: Exchange) {
    if case .streaming = exchange.stage { exchange.cancel() }
    registry.withLock { $0.requestEnded(exchange.socket, now: .now) }
  }

  /// The header fields are complete; a body may follow.
  func headersArrived(_ exchange: Exchange, method: String, version: String) -> Bool {
    exchange.method = method
    let headers = exchange.connection.headers()
    let sent = headers["X-Request-Id"] ?? ""
    exchange.identifier = RequestIdentifierSource.isUsable(sent) ? sent : identifiers.next()
    if let problem = headers.framingProblem(version: version) {
      return send(
        ProblemDetails(status: .badRequest, detail: problem).response(), for: exchange)
    }
    let length = headers["Content-Length"].flatMap { UInt64($0) } ?? 0
    guard length <= UInt64(configuration.maximumBodyBytes) else {
      return send(tooLarge(found: "\(length) bytes"), for: exchange)
    }
    do {
      var request = HTTPRequest(
        method: method, target: try RequestTarget(parsing: exchange.rawTarget), headers: headers,
        id: exchange.identifier)
      request.body.reserveCapacity(min(Int(length), 1 << 20))
      exchange.stage = .reading(request)
      return true
    } catch {
      return send(
        ProblemDetails(status: .badRequest, detail: error.message).response(), for: exchange)
    }
  }

  /// A piece of the body.
  func bodyArrived(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) -> Bool {
    switch exchange.stage {
    case .reading(var request):
      exchange.stage = .handling  // leaves the array with one owner, so that it grows in place
      let total = request.body.count + bytes.count
      if total > configuration.maximumBodyBytes {
        exchange.stage = .discarding(count: 0, tooLarge(found: "more"))
      } else {
        unsafe request.body.append(contentsOf: bytes)
        exchange.stage = .reading(request)
      }
      return true
    case .discarding(let count, let response):
      exchange.stage = .discarding(count: count + bytes.count, response)
      return count <= configuration.maximumBodyBytes + (1 << 20)
    case .begun, .handling, .answered, .streaming:
      return true
    }
  }

  /// The request is complete, or the connection has been resumed.
  func requestComplete(_ exchange: Exchange) -> Bool {
    switch exchange.stage {
    case .reading(let request):
      return dispatch(request, exchange)
    case .discarding(_, let response):
      return send(response, for: exchange)
    case .handling:
      guard let response = exchange.response else { return true }
      return send(response, for: exchange)
    case .begun, .answered, .streaming:
      return true
    }
  }

  private func dispatch(_ request: HTTPRequest, _ exchange: Exchange) -> Bool {
    if let response = immediate?(request) { return send(response, for: exchange) }
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
      let response = await handler(request)
      registry.withLock { $0.handlerEnded() }
      settle(exchange, response)
    }
    exchange.attach(task)
    return true
  }

  private func send(_ response: HTTPResponse, for exchange: Exchange) -> Bool {
    if case .stream(let stream) = response.body {
      return send(response, stream, for: exchange)
    }
    exchange.stage = .answered
    let isLast = registry.withLock { registry in
      registry.responding(exchange.socket)
      return registry.acceptance != .open
    }
    return exchange.connection.send(response, identifier: exchange.identifier, isLast: isLast)
  }

  private func send(
    _ response: HTTPResponse, _ stream: HTTPStream, for exchange: Exchange
  ) -> Bool {
    let pipe = StreamPipe(exchange.connection)
    exchange.stage = .streaming
    exchange.attach(pipe)
    let (mayProduce, isLast) = registry.withLock { registry in
      (registry.streaming(exchange.socket, request: exchange), registry.acceptance != .open)
    }
    let hasBody = exchange.method != "HEAD" && response.status.allowsBody
    if !mayProduce || !hasBody { pipe.breakOff() }
    let isSent = exchange.connection.send(
      response, through: pipe, hasBody: hasBody, identifier: exchange.identifier, isLast: isLast)
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

  private func tooLarge(found: String) -> HTTPResponse {
    ProblemDetails(
      status: .contentTooLarge,
      detail: "The body has \(found); at most \(configuration.maximumBodyBytes) bytes are allowed."
    ).response()
  }
}
