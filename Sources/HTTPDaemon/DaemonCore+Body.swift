import Synchronization

/// How bodies come in; the network thread's side.
extension DaemonCore {
  /// A piece of the body; false closes the connection.
  func bodyArrived(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) -> Bool {
    exchange.record.bytesReceived += bytes.count
    switch exchange.stage {
    case .reading(let request, var body):
      registry.withLock { $0.bodyArrived(exchange.socket, count: bytes.count) }
      exchange.stage = .handling  // leaves the array with one owner, so that it grows in place
      if let problem = collectBlock(of: exchange, &body) {
        exchange.stage = .discarding(left: discardLimit(body), problem)
      } else if unsafe !body.append(bytes) {
        exchange.stage = .discarding(
          left: discardLimit(body), tooLarge(found: "more", limit: body.limit))
      } else {
        exchange.stage = .reading(request, body)
        if body.hasBlock { return writeBlock(of: exchange, request, body) }
      }
      return true
    case .discarding(let left, let response):
      exchange.stage = .discarding(left: left - bytes.count, response)
      return left >= 0
    case .begun, .handling, .answered, .streaming:
      return true
    }
  }

  /// Takes the file that the last block was written to; the answer when that has failed.
  func collectBlock(of exchange: Exchange, _ body: inout IncomingBody) -> HTTPResponse? {
    guard body.isWriting, let result = exchange.takeWritten() else { return nil }
    body.isWriting = false
    switch result {
    case .success(let file): body.file = file
    case .failure(let error): return error.response
    }
    return nil
  }

  /// Suspends the connection until the block is in the file.
  private func writeBlock(
    of exchange: Exchange, _ request: HTTPRequest, _ body: IncomingBody
  ) -> Bool {
    guard registry.withLock({ $0.beginWriting() }) else { return false }
    var rest = body
    rest.bytes = []
    rest.bytes.reserveCapacity(IncomingBody.blockSize)
    rest.isWriting = true
    rest.check = nil
    exchange.stage = .reading(request, rest)
    exchange.connection.suspend()
    guard let check = body.check else {
      write(body, for: exchange)
      return true
    }
    Task { [self] in
      if let refusal = await check() {
        blockEnded(.failure(.refused(refusal)), for: exchange)
      } else {
        write(body, for: exchange)
      }
    }
    return true
  }

  private func write(_ body: IncomingBody, for exchange: Exchange) {
    spool.write(body.bytes, to: body.file) { [self] result in
      blockEnded(result.mapError(BlockProblem.spool), for: exchange)
    }
  }

  private func blockEnded(_ result: Result<BodyFile, BlockProblem>, for exchange: Exchange) {
    exchange.blockEnded(result)
    registry.withLock { $0.endWriting() }
  }

  /// What a client may still send that does not read before it has sent everything.
  private func discardLimit(_ body: IncomingBody) -> Int { body.limit + (1 << 20) }

  func tooLarge(found: String, limit: Int) -> HTTPResponse {
    ProblemDetails(
      status: .contentTooLarge,
      detail: "The body has \(found); at most \(limit) bytes are allowed."
    ).response()
  }
}

/// Why a block of a body was not kept.
enum BlockProblem: Error {
  case spool(SpoolError)
  /// The body is not wanted.
  case refused(HTTPResponse)

  var response: HTTPResponse {
    switch self {
    case .spool(let error): error.response
    case .refused(let response): response
    }
  }
}
