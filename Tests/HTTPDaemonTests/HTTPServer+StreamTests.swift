import Glibc
import HTTPDaemon
import Synchronization
import Testing

@Suite struct HTTPServerStreamTests {
  /// What a producer has done.
  final class Trace: Sendable {
    private let state = Mutex((written: 0, ended: 0, cancelled: 0))
    var written: Int { state.withLock { $0.written } }
    var ended: Int { state.withLock { $0.ended } }
    var cancelled: Int { state.withLock { $0.cancelled } }
    func wrote() { state.withLock { $0.written += 1 } }

    /// Notes the end of a producer and whether its task was cancelled then.
    func end() {
      state.withLock {
        $0.ended += 1
        if Task.isCancelled { $0.cancelled += 1 }
      }
    }
  }

  static func stream(
    _ produce: @escaping @Sendable (HTTPStreamWriter) async throws -> Void
  ) -> HTTPHandler {
    { _ in HTTPResponse(contentType: "text/event-stream", stream: HTTPStream(produce)) }
  }

  /// Writes one chunk, then says nothing until it is cancelled.
  static func silent(_ trace: Trace) -> HTTPHandler {
    stream { writer in
      defer { trace.end() }
      try await writer.write(Array("first".utf8))
      trace.wrote()
      try await Task.sleep(for: .seconds(60))
    }
  }

  @Test func chunksArriveAsTheyAreWrittenAndTheConnectionLives() async throws {
    let gate = Gate()
    let handler = Self.stream { writer in
      try await writer.write(Array("one".utf8))
      try await writer.write([])
      await gate.pass()
      try await writer.write([UInt8](repeating: 66, count: 100_000))
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let (head, first, rest, again) = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        let head = try client.receiveHead()
        let first = try client.receiveChunk()
        gate.open()
        var rest: [UInt8] = []
        while let chunk = try client.receiveChunk(), !chunk.isEmpty { rest += chunk }
        try client.send(RawClient.get("/"))
        return (head, first, rest, try client.receive())
      }
      #expect(head?.headers["Transfer-Encoding"] == "chunked")
      #expect(head?.headers["Content-Length"] == nil)
      #expect(first == Array("one".utf8))
      #expect(rest == [UInt8](repeating: 66, count: 100_000))
      #expect(again?.body.count == 100_003)
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }

  @Test func sequenceIsAskedOnlyWhenTheLastChunkIsTaken() async throws {
    let asked = Trace()
    let chunks = AsyncStream<[UInt8]>(unfolding: {
      asked.wrote()
      return asked.written > 400 ? nil : [UInt8](repeating: 65, count: 1 << 16)
    })
    let handler: HTTPHandler = { _ in
      HTTPResponse(contentType: "application/x-ndjson", stream: HTTPStream(chunks))
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let client = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        return Unshared(client)
      }
      // The socket buffers fill up, then nothing is asked for any more.
      var before = -1
      while asked.written != before {
        before = asked.written
        try await Task.sleep(for: .milliseconds(200))
      }
      #expect(before < 300)
      let size = try await blocking {
        var size = 0
        _ = try client.value.receiveHead()
        while let chunk = try client.value.receiveChunk(), !chunk.isEmpty { size += chunk.count }
        return size
      }
      #expect(size == 400 << 16)
    }
  }

  @Test(arguments: [false, true])
  func silentProducerIsCancelledWhenTheClientLeaves(byReset: Bool) async throws {
    let trace = Trace()
    try await withServer(handler: Self.silent(trace)) { server in
      let port = server.port
      try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        _ = try client.receiveHead()
        _ = try client.receiveChunk()
        if byReset { client.resetAtClose() }
      }
      #expect(await eventually(within: .seconds(1)) { trace.cancelled == 1 })
      #expect(await eventually(within: .seconds(1)) { server.openRequestCount == 0 })
    }
  }

  @Test func producerThatThrowsCutsTheConnection() async throws {
    struct Failure: Error {}
    let handler = Self.stream { writer in
      try await writer.write([1, 2, 3])
      throw Failure()
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let (chunk, next) = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        _ = try client.receiveHead()
        return (try client.receiveChunk(), try client.receiveChunk())
      }
      #expect(chunk == [1, 2, 3])
      #expect(next == nil)
    }
  }

  @Test func drainCutsStreamsAtItsDeadline() async throws {
    let trace = Trace()
    let server = try HTTPServer(handler: Self.silent(trace))
    let port = server.port
    async let end = blocking {
      let client = try RawClient(port: port)
      try client.send(RawClient.get("/"))
      _ = try client.receiveHead()
      _ = try client.receiveChunk()
      return try client.receiveChunk()
    }
    #expect(await eventually { trace.written == 1 })
    let begin = ContinuousClock.now
    #expect(await !server.drain(deadline: .milliseconds(300)))
    #expect(ContinuousClock.now - begin > .milliseconds(290))
    #expect(ContinuousClock.now - begin < .seconds(2))
    let last = try await end
    #expect(last == nil)
    #expect(await eventually { trace.cancelled == 1 })
  }

  @Test func drainWaitsForStreamsThatEnd() async throws {
    let gate = Gate()
    let server = try HTTPServer(
      handler: Self.stream { writer in
        await gate.pass()
        try await writer.write([7])
      })
    let port = server.port
    async let response = blocking { try RawClient.exchange(port: port, RawClient.get("/")) }
    #expect(await eventually { gate.entered == 1 })
    async let isDrained = server.drain(deadline: .seconds(5))
    gate.open()
    #expect(await isDrained)
    let body = try await response?.body
    #expect(body == [7])
  }

  @Test func releasedServerCutsStreams() async throws {
    let trace = Trace()
    var server: HTTPServer? = try HTTPServer(handler: Self.silent(trace))
    let port = try #require(server?.port)
    let client = try await blocking {
      let client = try RawClient(port: port)
      try client.send(RawClient.get("/"))
      _ = try client.receiveHead()
      return Unshared(client)
    }
    server = nil
    #expect(await eventually { trace.cancelled == 1 })
    let body = try await blocking { try client.value.receive(1 << 20) }
    #expect(body == nil)
  }

  @Test func silenceHasNoTimeLimitButUnreadDataHas() async throws {
    let trace = Trace()
    let handler: HTTPHandler = { request in
      let isFlood = request.target.rawPath == "/flood"
      return HTTPResponse(
        contentType: "text/plain",
        stream: HTTPStream { writer in
          defer { trace.end() }
          if isFlood {
            while true { try await writer.write([UInt8](repeating: 65, count: 1 << 18)) }
          }
          try await Task.sleep(for: .milliseconds(2500))
          try await writer.write(Array("late".utf8))
        })
    }
    try await withServer({ $0.idleTimeoutSeconds = 1 }, handler: handler) { server in
      let port = server.port
      async let late = blocking { try RawClient.exchange(port: port, RawClient.get("/"))?.text }
      let flooded = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/flood"))
        _ = try client.receiveHead()
        return Unshared(client)
      }
      let begin = ContinuousClock.now
      #expect(await eventually { trace.cancelled == 1 })
      #expect(ContinuousClock.now - begin < .seconds(4))
      let text = try await late
      #expect(text == "late")
      withExtendedLifetime(flooded) {}
    }
  }

  @Test(arguments: [200, 204, 304])
  func producerDoesNotRunWithoutBody(status: Int) async throws {
    let trace = Trace()
    let handler: HTTPHandler = { _ in
      HTTPResponse(
        status: HTTPStatus(rawValue: status), body: .stream(HTTPStream { _ in trace.wrote() }))
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let (response, isClosed) = try await blocking {
        let client = try RawClient(port: port)
        try client.send("\(status == 200 ? "HEAD" : "GET") / HTTP/1.1\r\nHost: t\r\n\r\n")
        return (try client.receive(hasBody: false), try client.isClosedByServer())
      }
      #expect(response?.status == status)
      #expect(response?.headers["Content-Length"] == nil)
      // Behind it comes nothing that could be taken for the next answer.
      #expect(isClosed)
      #expect(await eventually { server.openRequestCount == 0 })
      #expect(trace.written == 0)
    }
  }

  @Test func oldClientGetsTheStreamUntilTheEndOfTheConnection() async throws {
    let handler = Self.stream { writer in
      for number in 0..<3 { try await writer.write(Array("\(number)\n".utf8)) }
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let (head, body, isClosed) = try await blocking {
        let client = try RawClient(port: port)
        try client.send("GET / HTTP/1.0\r\n\r\n")
        return (try client.receiveHead(), try client.receive(6), try client.isClosedByServer())
      }
      #expect(head?.headers["Transfer-Encoding"] == nil)
      #expect(body == Array("0\n1\n2\n".utf8))
      #expect(isClosed)
    }
  }

  @Test func clientsThatLeaveStreamsAtAnyMomentAreForgotten() async throws {
    let trace = Trace()
    let handler = Self.stream { writer in
      defer { trace.end() }
      for number in 0..<200 {
        try await writer.write([UInt8](repeating: 65, count: 1 + number * 37 % 5000))
        if number % 3 == 0 { try await Task.sleep(for: .microseconds(300)) }
      }
    }
    let isClean = try await withServer(handler: handler) { server in
      let port = server.port
      try await withThrowingTaskGroup { group in
        for client in 0..<8 {
          group.addTask {
            try await blocking {
              for round in 0..<20 {
                let client = try RawClient(port: port)
                try client.send(RawClient.get("/"))
                _ = try client.receiveHead()
                for _ in 0..<(round * 7 % 40) { _ = try client.receiveChunk() }
                if round % 2 == 0 { client.resetAtClose() }
              }
              _ = client
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(await eventually { trace.ended == 160 && server.openRequestCount == 0 })
      return await server.drain(deadline: .seconds(5))
    }
    #expect(isClean)
  }

  @Test func clientThatDoesNotReadLosesItsStream() async throws {
    let trace = Trace()
    let handler = Self.stream { writer in
      defer { trace.end() }
      while true { try await writer.write([UInt8](repeating: 65, count: 64 << 10)) }
    }
    try await withServer(
      { configuration in
        configuration.requestReadLimit = .milliseconds(300)
        configuration.minimumBodyRate = 1 << 20
      }, handler: handler
    ) { server in
      let port = server.port
      try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        _ = try client.receiveHead()
        let start = ContinuousClock.now
        while trace.ended == 0, ContinuousClock.now - start < .seconds(20) { usleep(10_000) }
        _ = client
      }
      #expect(trace.ended == 1 && trace.cancelled == 1)
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }

  @Test func collectingRunsTheProducer() async throws {
    let stream = HTTPStream { writer in
      for byte: UInt8 in 0..<4 { try await writer.write([byte, byte]) }
    }
    #expect(try await stream.collect() == [0, 0, 1, 1, 2, 2, 3, 3])
  }
}
