import Foundation
import Glibc
import Testing

@testable import HTTPDaemon

/// Serialised, because tests look at files and memory of the whole process.
@Suite(.serialized) struct HTTPServerBodyTests {
  static let admission: HTTPAdmission = { request in
    switch (request.method, request.target.segments.first) {
    case ("PUT", "uploads"): BodyAdmission(limit: 256 << 20)
    case ("PUT", "closed"): BodyAdmission(refusal: HTTPResponse(status: .unauthorized))
    case ("PUT", "checked"):
      BodyAdmission(limit: 256 << 20) {
        await Task.yield()
        return request.headers["Authorization"] == nil ? HTTPResponse(status: .forbidden) : nil
      }
    default: BodyAdmission()
    }
  }

  /// Tells where the body was, and gives it back.
  static let handler: HTTPHandler = { request in
    guard let file = request.bodyFile else {
      return HTTPResponse(
        status: .ok, headers: ["X-Place": "memory"], body: request.body)
    }
    let bytes = FileManager.default.contents(atPath: file.path) ?? Data()
    return HTTPResponse(
      status: .ok,
      headers: [
        "X-Place": "file", "X-Length": "\(file.length)", "X-Body": "\(request.body.count)",
      ],
      body: file.length > 4 << 20 ? [] : Array(bytes))
  }

  static func withServer<T: Sendable>(
    _ change: (inout DaemonConfiguration) -> Void = { _ in }, spool: Spool? = nil,
    handler: @escaping HTTPHandler = Self.handler, _ body: (HTTPServer) async throws -> T
  ) async throws -> T {
    var configuration = DaemonConfiguration()
    configuration.watchInterval = .milliseconds(20)
    change(&configuration)
    let folder = configuration.spoolFolder
    let server = try HTTPServer(
      configuration, DaemonCallbacks(admission: admission, handler: handler),
      spool: spool ?? Spool { () throws(SpoolError) in try BodyFile.create(in: folder) },
      listen: ListeningSocket.open)
    let result = try await body(server)
    await server.drain(deadline: .seconds(2))
    return result
  }

  @Test func aRefusedBodyIsNotRead() async throws {
    try await Self.withServer { server in
      let port = server.port
      let status = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(1 << 30, path: "/closed"))
        return try client.receive()?.status
      }
      #expect(status == 401)
    }
  }

  @Test(arguments: [("", 403), ("Authorization: x\r\n", 200)])
  func aLargeBodyIsCheckedBeforeItGetsRoom(extra: String, status: Int) async throws {
    try await Self.withServer { server in
      let port = server.port
      let before = Self.namelessFiles()
      let found = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(3 << 20, path: "/checked", extra: extra))
        try client.send([UInt8](repeating: 7, count: 300 << 10))
        if status != 200 {
          usleep(100_000)
          #expect(Self.namelessFiles() == before)
        }
        try client.send([UInt8](repeating: 7, count: (3 << 20) - (300 << 10)))
        return try client.receive()?.status
      }
      #expect(found == status)
    }
  }

  @Test(arguments: [("", 403), ("Authorization: x\r\n", 200)])
  func aCodedBodyIsCheckedBeforeItIsInflated(extra: String, status: Int) async throws {
    let coded = Gzip.compress([UInt8](repeating: 0, count: 8 << 20))
    try await Self.withServer { server in
      let port = server.port
      let found = try await blocking {
        let client = try RawClient(port: port)
        try client.send(
          Self.put(coded.count, path: "/checked", extra: "Content-Encoding: gzip\r\n" + extra))
        try client.send(coded)
        return try client.receive()?.status
      }
      #expect(found == status)
    }
  }

  @Test func aSmallBodyIsNotChecked() async throws {
    try await Self.withServer { server in
      let port = server.port
      let status = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(3, path: "/checked") + "abc")
        return try client.receive()?.status
      }
      #expect(status == 200)
    }
  }

  static func put(_ length: Int, path: String = "/uploads/1", extra: String = "") -> String {
    "PUT \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: \(length)\r\n\(extra)\r\n"
  }

  /// Files without a name that this process has open.
  static func namelessFiles() -> Int {
    let folder = "/proc/self/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.count { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
      return target?.hasPrefix("/var/tmp/") == true
    }
  }

  /// Resident pages of this process, in bytes.
  static func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * Int(getpagesize())
  }

  @Test(
    arguments: [(100_000, "memory"), (100_001, "file"), (700_001, "file")], [true, false])
  func bodyBeyondTheThresholdIsInAFile(size: (Int, String), isChunked: Bool) async throws {
    let body = (0..<size.0).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    try await Self.withServer({ $0.spoolThresholdBytes = 100_000 }) { server in
      let port = server.port
      let response = try await blocking {
        let client = try RawClient(port: port)
        if isChunked {
          try client.send(
            "PUT /uploads/1 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
          for start in stride(from: 0, to: body.count, by: 99_999) {
            let piece = body[start...].prefix(99_999)
            try client.send("\(String(piece.count, radix: 16))\r\n")
            try client.send(Array(piece) + [13, 10])
          }
          try client.send("0\r\n\r\n")
        } else {
          try client.send(Self.put(body.count))
          try client.send(body)
        }
        return try client.receive()
      }
      #expect(response?.headers["X-Place"] == size.1)
      #expect(response?.body == body)
      #expect(await eventually { Self.namelessFiles() == 0 })
    }
  }

  @Test func largeUploadStaysOutOfMemory() async throws {
    try await Self.withServer { server in
      let port = server.port
      let before = try Self.residentBytes()
      let (response, after) = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(128 << 20))
        let block = [UInt8](repeating: 65, count: 1 << 20)
        for _ in 0..<128 { try client.send(block) }
        let after = try Self.residentBytes()
        return (try client.receive(), after)
      }
      #expect(response?.headers["X-Length"] == "\(128 << 20)")
      #expect(response?.headers["X-Body"] == "0")
      #expect(after - before < 32 << 20)
    }
  }

  @Test func otherRoutesKeepTheirLimit() async throws {
    try await Self.withServer { server in
      let port = server.port
      let statuses = try await blocking {
        try ["/other", "/uploads/1"].map { path in
          let client = try RawClient(port: port)
          try client.send(Self.put((256 << 20) + (path == "/other" ? 0 : 1), path: path))
          return try client.receive()?.status
        }
      }
      #expect(statuses == [413, 413])
    }
  }

  @Test func expectedContinueIsRefusedBeforeTheBody() async throws {
    try await Self.withServer { server in
      let port = server.port
      let statuses = try await blocking {
        try [256 << 20 + 1, 5].map { length in
          let client = try RawClient(port: port)
          try client.send(Self.put(length, extra: "Expect: 100-continue\r\n"))
          return try client.receive()?.status
        }
      }
      #expect(statuses == [413, 100])
    }
  }

  @Test func fullDiskIsAnsweredWith507() async throws {
    let full = Spool { () throws(SpoolError) in
      BodyFile(descriptor: unsafe open("/dev/full", O_RDWR))
    }
    try await Self.withServer(spool: full) { server in
      let port = server.port
      for length in [1 << 20 + 1, 5 << 20] {
        let (response, next) = try await blocking {
          let client = try RawClient(port: port)
          try client.send(Self.put(length))
          try client.send([UInt8](repeating: 65, count: length))
          let response = try client.receive()
          try client.send(Self.put(2) + "ab")
          return (response, try client.receive())
        }
        #expect(response?.status == 507)
        #expect(response?.headers["Content-Type"] == "application/problem+json")
        #expect(next?.text == "ab")
      }
    }
  }

  @Test func unusableFolderIsAnsweredWith500() async throws {
    try await Self.withServer({ $0.spoolFolder = "/nowhere" }) { server in
      let port = server.port
      let response = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(2 << 20))
        try client.send([UInt8](repeating: 65, count: 2 << 20))
        return try client.receive()
      }
      #expect(response?.status == 500)
      #expect(response?.text.contains("nowhere") == false)
    }
  }

  @Test func slowDiskHoldsNeitherOtherRequestsNorTheStop() async throws {
    let slow = Spool { () throws(SpoolError) in
      usleep(700_000)
      return try BodyFile.create(in: "/var/tmp")
    }
    try await Self.withServer(spool: slow) { server in
      let port = server.port
      let upload = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(2 << 20))
        try client.send([UInt8](repeating: 65, count: 1 << 20))
        return Unshared(client)
      }
      let begin = ContinuousClock.now
      let status = try await blocking {
        try RawClient.exchange(port: port, RawClient.get("/"))?.status
      }
      #expect(status == 200)
      #expect(ContinuousClock.now - begin < .milliseconds(500))
      #expect(await !server.drain(deadline: .milliseconds(10)))
      withExtendedLifetime(upload) {}
    }
    #expect(await eventually { Self.namelessFiles() == 0 })
  }

  @Test(arguments: [(1000, 200), (1_000_000, nil)] as [(Int, Int?)])
  func steadyBodyEarnsTime(minimumRate: Int, status: Int?) async throws {
    try await Self.withServer({
      $0.requestReadLimit = .milliseconds(300)
      $0.minimumBodyRate = minimumRate
    }) { server in
      let port = server.port
      let answer = try await blocking {
        let client = try RawClient(port: port)
        try client.send(Self.put(4000))
        for _ in 0..<40 {
          usleep(25_000)
          do { try client.send([UInt8](repeating: 65, count: 100)) } catch { return nil as Int? }
        }
        return try client.receive()?.status
      }
      #expect(answer == status)
    }
  }
}
