import Glibc
import HTTPDaemon
import Testing

@Suite struct HTTPServerTests {
  @Test func getIsAnsweredWithDateServerAndIdentifier() async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let response = try await blocking {
        try RawClient.exchange(port: port, RawClient.get("/a%2Fb/c?x=1&y=a+b%21"))
      }
      #expect(response?.status == 200)
      #expect(response?.headers["X-Method"] == "GET")
      #expect(response?.headers["X-Path"] == "a/b|c")
      #expect(response?.headers["X-Query"] == "x=1|y=a b!")
      #expect(response?.headers["Server"] == "ligature")
      #expect(response?.headers["Date"]?.hasSuffix("GMT") == true)
      #expect(response?.headers["X-Request-Id"]?.isEmpty == false)
    }
  }

  @Test(arguments: [("job-7.b_2", true), ("two words", false), ("", false)])
  func saneRequestIdentifierIsKept(identifier: String, isKept: Bool) async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let response = try await blocking {
        try RawClient.exchange(
          port: port, RawClient.get("/", extra: "X-Request-Id: \(identifier)\r\n"))
      }
      #expect((response?.headers["X-Request-Id"] == identifier) == isKept)
    }
  }

  @Test(arguments: [0, 1, 4096, 1 << 20])
  func postedBodyComesBack(size: Int) async throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    try await withServer(handler: echo) { server in
      let port = server.port
      let response = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.post("/echo", body))
        return try client.receive()
      }
      #expect(response?.status == 200)
      #expect(response?.body == body)
    }
  }

  @Test func chunkedBodyIsJoined() async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let response = try await blocking {
        try RawClient.exchange(
          port: port,
          "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4\r\nWiki\r\n5;note=1\r\npedia\r\n0\r\n\r\n")
      }
      #expect(response?.text == "Wikipedia")
    }
  }

  @Test func expectContinueIsAnsweredBeforeTheBody() async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let responses = try await blocking {
        let client = try RawClient(port: port)
        try client.send(
          "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        let first = try client.receive()
        try client.send("abc")
        return [first, try client.receive()]
      }
      #expect(responses.map { $0?.status } == [100, 200])
      #expect(responses[1]?.text == "abc")
    }
  }

  @Test func connectionServesSeveralRequests() async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let bodies = try await blocking {
        let client = try RawClient(port: port)
        return try (0..<20).map { number in
          try client.send(RawClient.post("/", Array("body \(number)".utf8)))
          return try client.receive()?.text
        }
      }
      #expect(bodies == (0..<20).map { "body \($0)" })
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    try await withServer(handler: echo) { server in
      let port = server.port
      let seen = try await blocking {
        let client = try RawClient(port: port)
        var bytes: [UInt8] = []
        for number in 0..<10 {
          bytes += Array(RawClient.get("/get/\(number)").utf8)
          bytes += RawClient.post("/post/\(number)", Array("\(number)".utf8))
        }
        try client.send(bytes)
        return try (0..<20).map { _ in
          let response = try client.receive()
          return (response?.headers["X-Path"] ?? "") + ":" + (response?.text ?? "")
        }
      }
      #expect(seen == (0..<10).flatMap { ["get|\($0):", "post|\($0):\($0)"] })
    }
  }

  @Test func headHasTheHeadersOfGetAndNoBody() async throws {
    let handler: HTTPHandler = { _ in
      HTTPResponse(contentType: "text/plain", body: Array("hello".utf8))
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let (head, get) = try await blocking {
        let client = try RawClient(port: port)
        try client.send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
        let head = try client.receive(hasBody: false)
        // A body after HEAD would be read as the start of this response.
        try client.send(RawClient.get("/"))
        return (head, try client.receive())
      }
      #expect(head?.status == 200)
      #expect(head?.headers["Content-Length"] == "5")
      #expect(head?.headers["Content-Type"] == "text/plain")
      #expect(get?.text == "hello")
    }
  }

  @Test func unsendableHeaderBecomes500() async throws {
    let handler: HTTPHandler = { _ in
      HTTPResponse(status: .ok, headers: ["X-Note": "a\r\nSet-Cookie: b"])
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let response = try await blocking {
        try RawClient.exchange(port: port, RawClient.get("/"))
      }
      #expect(response?.status == 500)
      #expect(response?.headers["Set-Cookie"] == nil)
    }
  }

  @Test func slowHandlersRunAtTheSameTime() async throws {
    let gate = Gate()
    let handler: HTTPHandler = { request in
      await gate.pass()
      return HTTPResponse(contentType: "text/plain", body: request.body)
    }
    try await withServer(handler: handler) { server in
      let port = server.port
      let answers = try await withThrowingTaskGroup { group in
        for number in 0..<64 {
          group.addTask {
            try await blocking {
              let client = try RawClient(port: port)
              try client.send(RawClient.post("/", Array("\(number)".utf8)))
              return try client.receive()?.text == "\(number)"
            }
          }
        }
        // All 64 are inside before the first may leave.
        #expect(await eventually { gate.entered == 64 })
        #expect(server.runningHandlerCount == 64)
        gate.open()
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers == Array(repeating: true, count: 64))
      #expect(await eventually { server.openRequestCount == 0 })
      #expect(server.runningHandlerCount == 0)
    }
  }

  @Test func immediateHandlerAnswersWhileTheOthersAreBusy() async throws {
    let gate = Gate()
    var configuration = DaemonConfiguration()
    configuration.maximumConcurrentRequests = 1
    let server = try HTTPServer(
      configuration: configuration,
      immediate: { request in
        request.target.segments == ["live"] ? HTTPResponse(status: .noContent) : nil
      },
      handler: { _ in
        await gate.pass()
        return HTTPResponse(status: .ok)
      })
    let port = server.port
    async let slow = blocking { try RawClient.exchange(port: port, RawClient.get("/"))?.status }
    #expect(await eventually { gate.entered == 1 })
    let statuses = try await blocking {
      try ["/live", "/", "/live"].map { path in
        try RawClient.exchange(port: port, RawClient.get(path))?.status
      }
    }
    #expect(statuses == [204, 503, 204])
    gate.open()
    let slowStatus = try await slow
    #expect(slowStatus == 200)
    #expect(await server.drain(deadline: .seconds(5)))
  }

  @Test func clientThatEndsItsSendingSideGetsWhatTheHandlerAnswers() async throws {
    let gate = Gate()
    try await withServer(handler: gate.handler) { server in
      let port = server.port
      async let response = blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.post("/", [1, 2, 3]))
        client.finishSending()
        return try client.receive()
      }
      #expect(await eventually { gate.cancelled == 1 })
      gate.open()
      let status = try await response?.status
      #expect(status == 200)
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }

  @Test(arguments: [false, true])
  func clientThatLeavesCancelsItsHandler(isReset: Bool) async throws {
    let gate = Gate()
    try await withServer(handler: gate.handler) { server in
      let port = server.port
      try await blocking {
        // Closed when it goes out of scope.
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        while gate.entered == 0 { usleep(1000) }
        if isReset { client.resetAtClose() }
      }
      #expect(await eventually { gate.cancelled == 1 })
      #expect(await eventually { server.openRequestCount == 0 })
    }
  }
}
