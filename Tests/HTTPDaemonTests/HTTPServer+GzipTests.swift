import Foundation
import Testing

@testable import HTTPDaemon

/// gzip(1) is the judge of what goes out and the maker of what comes in.
@Suite struct HTTPServerGzipTests {
  static func gzip(_ arguments: [String], _ input: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
    process.arguments = arguments
    let (source, sink) = (Pipe(), Pipe())
    process.standardInput = source
    process.standardOutput = sink
    try process.run()
    Thread.detachNewThread {
      try? source.fileHandleForWriting.write(contentsOf: Data(input))
      try? source.fileHandleForWriting.close()
    }
    let output = try sink.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(output)
  }

  static func compress(_ bytes: [UInt8]) throws -> [UInt8] { try gzip(["-cn9"], bytes) }

  static let text = Array(
    (0..<4000).map { "{\"id\": \($0), \"score\": 0.\($0 &* 7919 % 9973)}\n" }.joined().utf8)

  /// Says where the body was and gives it back as JSON.
  static let handler: HTTPHandler = { request in
    let file = request.bodyFile.flatMap { FileManager.default.contents(atPath: $0.path) }
    return HTTPResponse(
      status: .ok,
      headers: [
        "Content-Type": "application/json", "X-Place": file == nil ? "memory" : "file",
        "X-Coding": request.headers["Content-Encoding"] ?? "none",
      ], body: file.map(Array.init) ?? request.body)
  }

  static func send(
    _ body: [UInt8], _ extra: String,
    _ change: (inout DaemonConfiguration) -> Void = { _ in }
  ) async throws -> RawClient.Response? {
    try await withServer(change, handler: handler) { server in
      let port = server.port
      return try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.post("/", body, extra: extra))
        return try client.receive()
      }
    }
  }

  @Test(arguments: [(1 << 20, "memory"), (1000, "file")])
  func gzipBodyIsInflated(threshold: Int, place: String) async throws {
    let body = try Self.compress(Self.text)
    let response = try await Self.send(body, "Content-Encoding: gzip\r\n") {
      $0.spoolThresholdBytes = threshold
    }
    #expect(response?.status == 200)
    #expect(response?.body == Self.text)
    #expect(response?.headers["X-Coding"] == "none")
    #expect(response?.headers["X-Place"] == place)
  }

  @Test func membersAreJoined() async throws {
    let body = try Self.compress(Array("one ".utf8)) + Self.compress(Array("two".utf8))
    let response = try await Self.send(body, "Content-Encoding: x-gzip\r\n")
    #expect(response?.text == "one two")
  }

  @Test func bombIsStoppedAtTheLimit() async throws {
    let body = try Self.compress([UInt8](repeating: 0, count: 40_000_000))
    #expect(body.count < 1 << 20)
    let response = try await Self.send(body, "Content-Encoding: gzip\r\n")
    #expect(response?.status == 413)
    #expect(response?.text.contains("1048576") == true)
  }

  @Test func limitIsOfTheInflatedBytes() async throws {
    let body = try Self.compress([UInt8](repeating: 0, count: 5000))
    for (limit, status) in [(5000, 200), (4999, 413)] {
      let response = try await Self.send(body, "Content-Encoding: gzip\r\n") {
        $0.maximumBodyBytes = limit
      }
      #expect(response?.status == status)
    }
  }

  @Test func damageIsNamedWithItsByte() async throws {
    let whole = try Self.compress(Self.text)
    var badSum = whole
    badSum[whole.count - 8] ^= 1
    var badMiddle = whole
    badMiddle[whole.count / 2] ^= 0xff
    let cases: [([UInt8], ClosedRange<Int>)] = [
      (Array("no gzip".utf8), 0...2), (Array(whole.dropLast()), whole.count - 1...whole.count - 1),
      ([], 0...0), (whole + [1, 2, 3], whole.count...whole.count + 3),
      (badSum, whole.count - 8...whole.count), (badMiddle, whole.count / 2 - 1...whole.count),
    ]
    for (body, place) in cases {
      let response = try await Self.send(body, "Content-Encoding: gzip\r\n")
      #expect(response?.status == 400)
      let problem = try JSONDecoder().decode(
        ProblemDetails.self, from: Data(response?.body ?? []))
      #expect(problem.errors?.first?.field == "body")
      #expect(place.contains(problem.errors?.first?.offset ?? -1))
    }
  }

  @Test(arguments: ["br", "deflate", "gzip, gzip"])
  func otherCodingIs415(coding: String) async throws {
    let response = try await Self.send([1, 2, 3], "Content-Encoding: \(coding)\r\n")
    #expect(response?.status == 415)
    #expect(response?.headers["Accept-Encoding"] == "gzip")
  }

  @Test func answerIsCompressedForThoseWhoAccept() async throws {
    let compressed = try await Self.send(Self.text, "Accept-Encoding: br, gzip;q=0.8\r\n")
    #expect(compressed?.headers["Content-Encoding"] == "gzip")
    #expect(compressed?.headers["Vary"] == "Accept-Encoding")
    #expect(compressed?.body.count ?? .max < Self.text.count / 3)
    #expect(try Self.gzip(["-cd"], compressed?.body ?? []) == Self.text)
    let plain = try await Self.send(Self.text, "Accept-Encoding: gzip;q=0\r\n")
    #expect(plain?.headers["Content-Encoding"] == nil)
    #expect(plain?.headers["Vary"] == "Accept-Encoding")
    #expect(plain?.body == Self.text)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func damagedGzipIsAnsweredAlways(seed: UInt64) async throws {
    let whole = try Self.compress(Self.text)
    let statuses = try await withServer(handler: Self.handler) { server in
      let port = server.port
      return try await blocking {
        var generator = HTTPServerPropertyTests.SeededGenerator(state: seed)
        return try (0..<60).map { _ in
          var body = whole
          for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0..<body.count, using: &generator)
            body[place] = UInt8.random(in: 0...255, using: &generator)
          }
          let client = try RawClient(port: port)
          try client.send(RawClient.post("/", body, extra: "Content-Encoding: gzip\r\n"))
          return try client.receive()?.status
        }
      }
    }
    // A changed name or time in the header changes nothing that is inflated.
    #expect(statuses.allSatisfy { [200, 400, 413].contains($0) })
    #expect(statuses.contains(400))
  }
}
