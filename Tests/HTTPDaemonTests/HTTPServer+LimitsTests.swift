import Glibc
import HTTPDaemon
import Testing

@Suite struct HTTPServerLimitsTests {
  static let problemType = "application/problem+json"

  @Test func largeContentLengthIsRefusedBeforeTheBody() async throws {
    try await withServer({ $0.maximumBodyBytes = 1000 }, handler: echo) { server in
      let port = server.port
      let (response, closed) = try await blocking {
        let client = try RawClient(port: port)
        try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\n\r\n")
        return (try client.receive(), try client.isClosedByServer())
      }
      #expect(response?.status == 413)
      #expect(response?.headers["Content-Type"] == Self.problemType)
      #expect(response?.text.contains("at most 1000 bytes") == true)
      #expect(closed)
    }
  }

  @Test func largeBodySentWithoutWaitingStillSeesThe413() async throws {
    try await withServer({ $0.maximumBodyBytes = 1000 }, handler: echo) { server in
      let port = server.port
      let response = try await blocking {
        let client = try RawClient(port: port)
        // The server may close while this is still being sent.
        try? client.send(RawClient.post("/", [UInt8](repeating: 65, count: 100_000)))
        return try client.receive()
      }
      #expect(response?.status == 413)
    }
  }

  @Test func chunkedBodyIsCounted() async throws {
    try await withServer({ $0.maximumBodyBytes = 1000 }, handler: echo) { server in
      let port = server.port
      let statuses = try await blocking {
        try [1000, 1001, 5000].map { size in
          let chunks = stride(from: 0, to: size, by: 100).map { start in
            let count = min(100, size - start)
            return String(count, radix: 16) + "\r\n" + String(repeating: "x", count: count) + "\r\n"
          }
          return try RawClient.exchange(
            port: port,
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
              + chunks.joined() + "0\r\n\r\n")?.status
        }
      }
      #expect(statuses == [200, 413, 413])
    }
  }

  @Test func endlessChunkedBodyIsCutOff() async throws {
    try await withServer({ $0.maximumBodyBytes = 1000 }, handler: echo) { server in
      let port = server.port
      let wasCut = try await blocking {
        let client = try RawClient(port: port)
        try client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 65, count: 0x10000) + [13, 10]
        for _ in 0..<2000 {
          do { try client.send(chunk) } catch { return true }
        }
        return false
      }
      #expect(wasCut)
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }

  /// These answers are libmicrohttpd's own.
  @Test(arguments: [(400, 1, "no colon"), (414, 20_000, "X: "), (431, 1, "X-Long: ")])
  func whatCannotBeReadIsAnsweredInHTML(status: Int, targetLength: Int, field: String)
    async throws
  {
    let target = "/" + String(repeating: "a", count: targetLength)
    let value = String(repeating: "a", count: status == 431 ? 20_000 : 10)
    try await withServer({ $0.headerMemoryBytes = 8192 }, handler: echo) { server in
      let port = server.port
      let response = try await blocking {
        try RawClient.exchange(
          port: port, "GET \(target) HTTP/1.1\r\nHost: t\r\n\(field)\(value)\r\n\r\n")
      }
      #expect(response?.status == status)
      #expect(response?.headers["Content-Type"] == nil)
      #expect(response?.headers["X-Request-Id"] == nil)
      #expect(response?.text.hasPrefix("<html>") == true)
    }
  }

  @Test(
    arguments: [
      "GET /nothing\r\n\r\n",
      "GET / HTTQ\r\nHost: t\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: t\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: t\r\nBa d: x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: t\r\n\r\n",
      "GET /?a=%ff HTTP/1.1\r\nHost: t\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /a b c HTTP/1.1\r\nHost: t\r\n\r\n",
    ])
  func malformedRequestIsRefused(request: String) async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let status = try await blocking {
        let client = try RawClient(port: port, timeoutSeconds: 3)
        try client.send(request)
        client.finishSending()
        return try client.receive()?.status
      }
      #expect(status == 400)
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }

  /// libmicrohttpd closes without an answer when the request line has no space at all.
  @Test(arguments: ["GARBAGE\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n"])
  func bytesThatAreNotHTTPCloseTheConnection(bytes: String) async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let isClosed = try await blocking {
        let client = try RawClient(port: port)
        try client.send(bytes)
        return try client.isClosedByServer()
      }
      #expect(isClosed)
    }
  }

  @Test func busyServerRefusesWithRetryAfter() async throws {
    let gate = Gate()
    let handler: HTTPHandler = { _ in
      await gate.pass()
      return HTTPResponse(status: .ok)
    }
    try await withServer(
      {
        $0.maximumConcurrentRequests = 2
        $0.retryAfterSeconds = 7
      }, handler: handler
    ) { server in
      let port = server.port
      try await withThrowingTaskGroup { group in
        for _ in 0..<2 {
          group.addTask {
            try await blocking {
              try RawClient.exchange(port: port, RawClient.get("/"))?.status
            }
          }
        }
        #expect(await eventually { gate.entered == 2 })
        let refused = try await blocking {
          try RawClient.exchange(port: port, RawClient.get("/"))
        }
        #expect(refused?.status == 503)
        #expect(refused?.headers["Retry-After"] == "7")
        #expect(refused?.headers["Content-Type"] == Self.problemType)
        gate.open()
        for try await status in group { #expect(status == 200) }
      }
    }
  }

  @Test(
    arguments: [
      ("header", "GET / HTTP/1.1\r\nHost: t\r\nX-Slow: "),
      ("body", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n"),
      ("requestLine", "GET /"),
    ])
  func tricklingRequestIsClosed(part: String, start: String) async throws {
    try await withServer({ $0.requestReadLimit = .milliseconds(400) }, handler: echo) { server in
      let port = server.port
      let elapsed = try await blocking {
        let begin = ContinuousClock.now
        let client = try RawClient(port: port)
        try client.send(start)
        while ContinuousClock.now - begin < .seconds(5) {
          do { try client.send("a") } catch { break }
          usleep(20_000)
        }
        return ContinuousClock.now - begin
      }
      #expect(elapsed > .milliseconds(350))
      #expect(elapsed < .seconds(4), "\(part) was read for \(elapsed)")
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }

  @Test func answerThatIsReadTooSlowlyIsCut() async throws {
    let handler: HTTPHandler = { _ in
      HTTPResponse(contentType: "a/b", body: [UInt8](repeating: 65, count: 16 << 20))
    }
    try await withServer(
      {
        $0.requestReadLimit = .milliseconds(300)
        $0.minimumBodyRate = 64 << 20
      }, handler: handler
    ) { server in
      let port = server.port
      let elapsed = try await blocking {
        let begin = ContinuousClock.now
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        while server.openRequestCount > 0 || ContinuousClock.now - begin < .milliseconds(100) {
          _ = try client.receive(100)
          usleep(10_000)
          if ContinuousClock.now - begin > .seconds(5) { break }
        }
        return ContinuousClock.now - begin
      }
      #expect(elapsed > .milliseconds(450) && elapsed < .seconds(3))
    }
  }

  @Test func idleConnectionIsClosed() async throws {
    try await withServer({ $0.idleTimeoutSeconds = 1 }, handler: echo) { server in
      let port = server.port
      let closed = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        _ = try client.receive()
        return try client.isClosedByServer()
      }
      #expect(closed)
    }
  }
}
