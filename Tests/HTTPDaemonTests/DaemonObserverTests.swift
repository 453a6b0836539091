import Foundation
import HTTPDaemon
import Synchronization
import Testing

@Suite struct DaemonObserverTests {
  final class Recorder: DaemonObserver {
    private let state = Mutex((opened: 0, closed: 0, began: 0, records: [RequestRecord]()))
    var opened: Int { state.withLock { $0.opened } }
    var closed: Int { state.withLock { $0.closed } }
    var began: Int { state.withLock { $0.began } }
    var records: [RequestRecord] { state.withLock { $0.records } }
    func connectionOpened() { state.withLock { $0.opened += 1 } }
    func connectionClosed() { state.withLock { $0.closed += 1 } }
    func requestBegan() { state.withLock { $0.began += 1 } }
    func requestEnded(_ record: RequestRecord) { state.withLock { $0.records.append(record) } }
  }

  static let router: HTTPRouter = {
    var router = HTTPRouter()
    router.add("GET", "/items/{id}") { _ in
      HTTPResponse(contentType: "text/plain", body: [UInt8](repeating: 65, count: 700))
    }
    router.add("POST", "/items/{id}", echo)
    router.add("GET", "/stream") { _ in
      HTTPResponse(
        contentType: "text/plain",
        stream: HTTPStream { writer in
          for _ in 0..<3 { try await writer.write([1, 2, 3, 4]) }
        })
    }
    router.add("GET", "/slow") { _ in
      try? await Task.sleep(for: .seconds(30))
      return HTTPResponse(status: .ok)
    }
    return router
  }()

  /// What is told of one request on a connection of its own.
  func record(
    _ request: [UInt8], _ change: (inout DaemonConfiguration) -> Void = { _ in }
  ) async throws -> RequestRecord? {
    let recorder = Recorder()
    var configuration = DaemonConfiguration()
    configuration.watchInterval = .milliseconds(20)
    change(&configuration)
    let server = try HTTPServer(
      configuration: configuration, observer: recorder, handler: Self.router.respond)
    let port = server.port
    try await blocking {
      let client = try RawClient(port: port)
      try client.send(request)
      client.finishSending()
      while try client.receive(hasBody: !request.starts(with: Array("HEAD".utf8))) != nil {}
    }
    await server.drain(deadline: .seconds(5))
    #expect(recorder.opened == 1)
    #expect(recorder.closed == 1)
    #expect(recorder.began == recorder.records.count)
    return recorder.records.first
  }

  @Test func requestsAreToldWithRouteStatusAndBytes() async throws {
    let get = try #require(try await record(Array(RawClient.get("/items/7").utf8)))
    #expect(get.method == "GET")
    #expect(get.route == "/items/{id}")
    #expect(get.status == .ok)
    #expect(get.bytesSent == 700)
    #expect(get.bytesReceived == 0)
    #expect(get.peer == "127.0.0.1")
    #expect(get.isComplete)
    #expect(!get.id.isEmpty)
    #expect(get.duration > .zero && get.duration < .seconds(5))
    let post = try #require(try await record(RawClient.post("/items/7", [1, 2, 3])))
    #expect((post.bytesReceived, post.bytesSent) == (3, 3))
    let head = try #require(
      try await record(Array("HEAD /items/7 HTTP/1.1\r\nHost: t\r\n\r\n".utf8)))
    #expect((head.status, head.bytesSent) == (.ok, 0))
    let stream = try #require(
      try await record(Array("GET /stream HTTP/1.0\r\n\r\n".utf8)))
    #expect(stream.route == "/stream")
  }

  @Test func refusalsAreTold() async throws {
    let missing = try await record(Array(RawClient.get("/none").utf8))
    #expect(missing?.status == .notFound)
    #expect(missing?.route == nil)
    let method = try await record(RawClient.post("/stream", []))
    #expect(method?.status == .methodNotAllowed)
    #expect(method?.route == "/stream")
    let large = try await record(RawClient.post("/items/1", [1, 2, 3])) { $0.maximumBodyBytes = 2 }
    #expect(large?.status == .contentTooLarge)
    let target = try await record(Array(RawClient.get("/%zz").utf8))
    #expect(target?.status == .badRequest)
    // These two are libmicrohttpd's own.
    let field = try await record(Array("GET / HTTP/1.1\r\nno colon\r\n\r\n".utf8))
    #expect(field?.status == .badRequest)
    let long = String(repeating: "a", count: 20_000)
    let fields = try await record(Array(RawClient.get("/", extra: "X: \(long)\r\n").utf8)) {
      $0.headerMemoryBytes = 8192
    }
    #expect(fields?.status == HTTPStatus(rawValue: 431))
    let slow = try await record(Array("GET / HTTP/1.1\r\nHost: t\r\nX: ".utf8)) {
      $0.requestReadLimit = .milliseconds(100)
    }
    #expect(slow?.status == nil)
    #expect(slow?.isComplete == false)
  }

  @Test func busyAnswerAndStreamsAreTold() async throws {
    let recorder = Recorder()
    var configuration = DaemonConfiguration()
    configuration.maximumConcurrentRequests = 1
    configuration.watchInterval = .milliseconds(20)
    let server = try HTTPServer(
      configuration: configuration, observer: recorder, handler: Self.router.respond)
    let port = server.port
    let stream = try await blocking { try RawClient.exchange(port: port, RawClient.get("/stream")) }
    #expect(stream?.body.count == 12)
    #expect(await eventually { recorder.records.count == 1 })
    #expect(recorder.records.first?.bytesSent == 12)
    #expect(recorder.records.first?.route == "/stream")
    #expect(await eventually { server.runningHandlerCount == 0 })
    let slow = try await blocking {
      let client = try RawClient(port: port)
      try client.send(RawClient.get("/slow"))
      return Unshared(client)
    }
    #expect(await eventually { server.runningHandlerCount == 1 })
    _ = try await blocking { try RawClient.exchange(port: port, RawClient.get("/items/1")) }
    #expect(await eventually { recorder.records.count == 2 })
    #expect(recorder.records.last?.status == .serviceUnavailable)
    await server.drain(deadline: .zero)
    withExtendedLifetime(slow) {}
    #expect(recorder.records.count == 3)
    #expect(recorder.began == 3)
    #expect(recorder.opened == recorder.closed)
  }
}
