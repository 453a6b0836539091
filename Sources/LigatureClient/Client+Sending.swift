import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension Client {
  /// Tries until there is an answer of status 2xx, or the policy gives up.
  func tried<Value: Sendable>(
    _ call: Call, _ attempt: (URLRequest) async throws -> Value
  ) async throws -> Value {
    let request = try request(call)
    let start = ContinuousClock.now
    var count = 0
    while true {
      count += 1
      let failure: any Error
      var asked: TimeInterval?
      do {
        return try await attempt(request)
      } catch ClientError.problem(let problem) {
        guard retries.repeats(problem) else { throw ClientError.problem(problem) }
        (failure, asked) = (ClientError.problem(problem), problem.retryAfter)
      } catch let error as CancellationError {
        throw error
      } catch let error as ClientError {
        guard case .connection = error else { throw error }
        failure = error
      } catch {
        failure = ClientError.connection("\(error.localizedDescription)")
      }
      let pause = retries.pause(after: count, asked: asked, chance: .random(in: 0...1))
      // Readiness is a question about this moment.
      let isOver = call.operation == .getReadiness || count >= retries.attempts
      guard !isOver, ContinuousClock.now - start + pause <= retries.patience else { throw failure }
      try await Task.sleep(for: pause)
    }
  }

  /// A whole answer.
  func data(_ call: Call) async throws -> Answer<Data> {
    try await tried(call) { request in
      let (body, response) = try await transport.whole(request)
      guard response.statusCode < 400 else {
        throw ClientError.problem(Problem(response, body: body))
      }
      func field(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
      return Answer(
        value: body, status: response.statusCode, etag: field("ETag"), location: field("Location"),
        isReplayed: field("Idempotency-Replayed") == "true")
    }
  }

  /// A JSON answer.
  func value<Value: Decodable & Sendable>(
    _ call: Call, as type: Value.Type = Value.self
  ) async throws -> Answer<Value> {
    let answer = try await data(call)
    let value: Value
    do {
      value = try Self.decoder.decode(type, from: answer.value)
    } catch {
      throw ClientError.unexpected("\(call.operation): \(error)")
    }
    return Answer(
      value: value, status: answer.status, etag: answer.etag, location: answer.location,
      isReplayed: answer.isReplayed)
  }

  /// A JSON answer to a JSON body.
  func value<Value: Decodable & Sendable>(
    _ operation: ClientOperation, _ body: some Encodable
  ) async throws -> Answer<Value> {
    try await value(Call(operation: operation, body: Self.encoder.encode(body)))
  }

  /// The pieces of a body as they come.
  func pieces(_ call: Call) async throws -> AsyncThrowingStream<Data, any Error> {
    try await tried(call) { request in
      let (pieces, response) = try await transport.streamed(request)
      guard response.statusCode < 400 else {
        var body = Data()
        for try await piece in pieces { body.append(piece) }
        throw ClientError.problem(Problem(response, body: body))
      }
      return pieces
    }
  }

  /// The lines of a body as they come.
  func lines(_ call: Call) async throws -> AsyncThrowingStream<String, any Error> {
    let pieces = try await pieces(call)
    return AsyncThrowingStream { output in
      let task = Task {
        var reader = LineReader()
        do {
          for try await piece in pieces {
            for line in reader.lines(of: piece) { output.yield(line) }
          }
          if let line = reader.end() { output.yield(line) }
          output.finish()
        } catch {
          output.finish(throwing: error)
        }
      }
      output.onTermination = { _ in task.cancel() }
    }
  }

  /// The values of NDJSON as they come.
  func objects<Value: Decodable & Sendable>(
    _ call: Call, as type: Value.Type = Value.self
  ) async throws -> AsyncThrowingStream<Value, any Error> {
    let lines = try await lines(call)
    return AsyncThrowingStream { output in
      let task = Task {
        do {
          for try await line in lines where !line.isEmpty {
            output.yield(try Self.decoder.decode(type, from: Data(line.utf8)))
          }
          output.finish()
        } catch {
          output.finish(throwing: error)
        }
      }
      output.onTermination = { _ in task.cancel() }
    }
  }

  /// The key of a write: the caller's, or a new one.
  func keyed(_ key: String?) -> (String, String?) { ("Idempotency-Key", key ?? UUID().uuidString) }
}
