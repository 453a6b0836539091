import Foundation
import Glibc
import Testing

@testable import HTTPDaemon

/// Whatever comes, the server answers or closes, answers the next request, and keeps no descriptor.
@Suite struct HTTPServerHostileTests {
  static let router: HTTPRouter = {
    var router = HTTPRouter()
    router.add("POST", "/echo/{id}", echo)
    router.add("GET", "/", echo)
    router.add("POST", "/", echo)
    router.add("GET", "/large") { _ in
      HTTPResponse(contentType: "a/b", body: [UInt8](repeating: 65, count: 4 << 20))
    }
    router.add("GET", "/stream") { _ in
      HTTPResponse(
        contentType: "a/b",
        stream: HTTPStream { writer in
          for _ in 0..<20 { try await writer.write([UInt8](repeating: 66, count: 3000)) }
        })
    }
    return router
  }()

  /// Descriptors of this process whose own end is the port: the listening one and connections.
  static func descriptors(on port: UInt16) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { Int32($0) }.count { descriptor in
      var address = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe getsockname(descriptor, $0, &length)
        }
      }
      return code == 0 && address.sin_family == sa_family_t(AF_INET)
        && address.sin_port == port.bigEndian
    }
  }

  /// Runs clients against a server, then checks that it is as it was.
  static func attack<T: Sendable>(
    _ change: (inout DaemonConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (UInt16) throws -> T
  ) async throws -> T {
    try await withServer(change, handler: router.respond) { server in
      let port = server.port
      let result = try await blocking { try body(port) }
      let next = try await blocking { try RawClient.exchange(port: port, RawClient.get("/")) }
      #expect(next?.status == 200)
      #expect(await eventually { server.openRequestCount == 0 })
      #expect(await eventually { server.runningHandlerCount == 0 })
      #expect(await eventually { descriptors(on: port) == 1 })
      return result
    }
  }

  /// The status of what comes back for some bytes, nil when the connection is just closed.
  static func status(of request: [UInt8]) async throws -> Int? {
    try await attack { port in
      let client = try RawClient(port: port, timeoutSeconds: 3)
      try client.send(request)
      client.finishSending()
      return try client.receive()?.status
    }
  }

  @Test(
    arguments: [
      ("POST", "Content-Length: 2\r\nContent-Length: 2", 400),
      ("POST", "Content-Length: 2, 2", 400), ("POST", "Content-Length: +2", 400),
      ("POST", "Content-Length: 99999999999999999999", 413),
      ("POST", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
      ("POST", "Transfer-Encoding: gzip, chunked", 501),
      ("POST", "Transfer-Encoding: xchunked", 501),
      ("POST", "Transfer-Encoding: identity", 501),
      ("POST", "Content-Length: 2\r\nTransfer-Encoding: chunked", 400), ("GET", "Host: again", 400),
      ("GET", "X-A: a\u{1}b", 400), ("GET", "X-A: a\u{7f}b", 400),
      ("GET", "X A: b", 400), ("G(T", "X-A: b", 400),
      // libmicrohttpd takes a NUL for the end of the value, and drops a field without a name.
      ("GET", "X-A: a\u{0}b", 200), ("GET", ": b", 200), ("GET", "X-A: caf\u{e9}", 200),
      ("GET", "Content-Length: 0", 200),
    ])
  func framingIsChecked(method: String, fields: String, status: Int) async throws {
    let request = "\(method) / HTTP/1.1\r\nHost: t\r\n\(fields)\r\n\r\n"
    #expect(try await Self.status(of: Array(request.utf8)) == status)
  }

  @Test func bytesThatAreNotUTF8AreRefusedInTargetsAndBorneInFields() async throws {
    let path = Array("GET /a".utf8) + [0xff] + Array(" HTTP/1.1\r\nHost: t\r\n\r\n".utf8)
    #expect(try await Self.status(of: path) == 400)
    let field = Array("GET / HTTP/1.1\r\nHost: t\r\nX: ".utf8) + [0xff, 0xc0, 13, 10, 13, 10]
    #expect(try await Self.status(of: field) == 200)
    let old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    #expect(try await Self.status(of: Array(old.utf8)) == 400)
    let empty = Array("GET /a".utf8) + [0] + Array("b HTTP/1.1\r\nHost: t\r\n\r\n".utf8)
    #expect(try await [nil, 400, 404].contains(Self.status(of: empty)))
  }

  @Test(
    arguments: [
      ("5\r\nabcde\r\n0\r\n\r\n", 200), ("05;a=\"b\"\r\nabcde\r\n0\r\nX-T: 1\r\n\r\n", 200),
      ("zz\r\nab\r\n0\r\n\r\n", 400), ("-1\r\na\r\n0\r\n\r\n", 400), ("\r\n\r\n", 400),
      ("fffffffffffffffff\r\na", 413), ("0x5\r\nabcde\r\n0\r\n\r\n", 400),
      ("5\r\nabcdeXX0\r\n\r\n", 400), ("5\r\nabc", nil), ("5", nil), ("0\r\n", nil),
      ("0\r\nbad trailer\r\n\r\n", 400),
    ] as [(String, Int?)])
  func chunksAreChecked(chunks: String, status: Int?) async throws {
    let head = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(try await Self.status(of: Array((head + chunks).utf8)) == status)
  }

  @Test func requestCutAtAnyByteIsForgotten() async throws {
    let whole = RawClient.post("/echo/a?b=c", Array("0123456789".utf8), extra: "X-A: b\r\n")
    let answers = try await Self.attack { port in
      try (0..<whole.count).map { cut in
        let client = try RawClient(port: port, timeoutSeconds: 3)
        try client.send(Array(whole.prefix(cut)))
        client.finishSending()
        return try client.receive()?.status
      }
    }
    #expect(answers.allSatisfy { $0 == nil || $0 == 400 })
  }

  @Test func pipelineEndsAtTheFirstThatIsRefused() async throws {
    let seen = try await Self.attack { port in
      let client = try RawClient(port: port)
      var bytes = RawClient.post("/echo/1", [UInt8](repeating: 65, count: 50_000))
      bytes += Array(RawClient.get("/stream").utf8)
      bytes += Array("GET /none HTTP/1.1\r\nHost: t\r\n\r\n".utf8)
      bytes += RawClient.post("/echo/2", Array("two".utf8))
      bytes += Array("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n".utf8)
      bytes += Array(RawClient.get("/").utf8)
      try client.send(bytes)
      var seen: [String] = []
      while let response = try client.receive() {
        seen.append("\(response.status) \(response.body.count)")
      }
      return seen
    }
    #expect(seen.prefix(2) == ["200 50000", "200 60000"])
    #expect(seen.dropFirst(2).map { $0.prefix(3) } == ["404", "200", "400"])
  }

  @Test(arguments: ["/large", "/stream"])
  func resetInTheMiddleOfAnAnswerIsForgotten(path: String) async throws {
    try await Self.attack { port in
      for count in [0, 1, 100, 5000, 50_000] {
        let client = try RawClient(port: port)
        try client.send(RawClient.get(path))
        _ = try client.receive(count)
        client.resetAtClose()
      }
    }
  }

  @Test(arguments: [11, 12] as [UInt64])
  func mutatedRequestsAreAnsweredOrClosed(seed: UInt64) async throws {
    let gzip = try HTTPServerGzipTests.compress([UInt8](repeating: 67, count: 5000))
    let parts = [
      RawClient.post("/echo/a%20b?c=d", Array("0123456789".utf8), extra: "X-A: b\r\n"),
      Array(RawClient.get("/stream", extra: "Accept-Encoding: gzip;q=0.5\r\n").utf8),
      Array(
        ("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "5\r\nabcde\r\n10\r\n0123456789abcdef\r\n0\r\nX-T: 1\r\n\r\n").utf8),
      RawClient.post("/", gzip, extra: "Content-Encoding: gzip\r\n"),
      Array("HEAD / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n\r\n".utf8),
      Array("OPTIONS * HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".utf8),
    ]
    let change: (inout DaemonConfiguration) -> Void = {
      $0.spoolThresholdBytes = 12
      $0.maximumBodyBytes = 8000
      $0.requestReadLimit = .seconds(2)
    }
    try await Self.attack(change) { port in
      var generator = HTTPServerPropertyTests.SeededGenerator(state: seed)
      for _ in 0..<200 {
        var bytes = (0..<Int.random(in: 1...3, using: &generator)).flatMap { _ in
          parts[Int.random(in: 0..<parts.count, using: &generator)]
        }
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<5, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(contentsOf: bytes[..<place].suffix(20), at: place)
          case 3: bytes[place] = [0, 10, 13, 32, 37, 58, 255].randomElement(using: &generator) ?? 0
          default: bytes.removeSubrange(place..<min(place + 8, bytes.count))
          }
          if bytes.isEmpty { bytes = [0] }
        }
        let client = try RawClient(port: port)
        try? client.send(bytes)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: client.resetAtClose()
        case 1: break
        default:
          client.finishSending()
          while try client.receive(4096) != nil {}
        }
      }
    }
  }

  @Test func garbageAndSilenceOnATLSPortAreCut() async throws {
    let fixture = try TLSFixture()
    let files = try fixture.make("a", serial: 1)
    let change: (inout DaemonConfiguration) -> Void = {
      $0.tls = files
      $0.requestReadLimit = .milliseconds(300)
    }
    try await withServer(change, handler: Self.router.respond) { server in
      let port = server.port
      try await blocking {
        var generator = HTTPServerPropertyTests.SeededGenerator(state: 5)
        // The start of a handshake record, and what is none.
        for start in [[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], [0x15, 3, 3, 0, 2], []] as [[UInt8]]
        {
          for _ in 0..<3 {
            let client = try RawClient(port: port)
            try? client.send(
              start + (0..<400).map { _ in UInt8.random(in: 0...255, using: &generator) })
            while try client.receive(1) != nil {}
          }
        }
        let begin = ContinuousClock.now
        let client = try RawClient(port: port)
        try client.send([0x16, 3, 1, 2, 0, 1])
        while try client.receive(1) != nil {}
        #expect(ContinuousClock.now - begin < .seconds(3))
      }
      #expect(await eventually { Self.descriptors(on: port) == 1 })
    }
  }
}
