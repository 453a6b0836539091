import Foundation
import Glibc
import HTTPDaemon
import Testing

/// Serialised, because one test counts the descriptors of the whole process.
@Suite(.serialized) struct HTTPServerLifecycleTests {
  @Test func drainAnswersSlowRequestsAndRefusesNewConnections() async throws {
    let gate = Gate()
    let server = try HTTPServer { request in
      await gate.pass()
      return HTTPResponse(contentType: "text/plain", body: Array("done".utf8))
    }
    let port = server.port
    let idle = try await blocking { Unshared(try RawClient(port: port)) }
    try await withThrowingTaskGroup { group in
      for _ in 0..<3 {
        group.addTask {
          try await blocking { try RawClient.exchange(port: port, RawClient.get("/")) }
        }
      }
      #expect(await eventually { gate.entered == 3 })
      async let drained = server.drain(deadline: .seconds(5))
      #expect(
        await eventually {
          guard case .some = try? RawClient(port: port) else { return true }
          return false
        }, "new connections must be refused")
      #expect(try await blocking { try idle.value.isClosedByServer() })
      gate.open()
      #expect(await drained)
      for try await response in group {
        #expect(response?.text == "done")
        #expect(response?.headers["Connection"] == "close")
      }
    }
  }

  @Test func drainGivesUpAtItsDeadline() async throws {
    let gate = Gate()
    let server = try HTTPServer { _ in
      await gate.pass()
      return HTTPResponse(status: .ok)
    }
    let port = server.port
    async let response = blocking { try RawClient.exchange(port: port, RawClient.get("/")) }
    #expect(await eventually { gate.entered == 1 })
    let begin = ContinuousClock.now
    #expect(await !server.drain(deadline: .milliseconds(100)))
    #expect(ContinuousClock.now - begin < .seconds(2))
    let status = try await response?.status
    #expect(status == 503)
    #expect(await eventually { gate.cancelled == 1 })
    #expect(server.openRequestCount == 0)
  }

  @Test func handlerThatIgnoresCancellationDoesNotHoldTheDrain() async throws {
    let isReleased = Gate()
    let server = try HTTPServer { _ in
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          while isReleased.entered == 0 { usleep(1000) }
          continuation.resume()
        }
      }
      return HTTPResponse(status: .ok)
    }
    let port = server.port
    async let response = blocking { try RawClient.exchange(port: port, RawClient.get("/")) }
    #expect(await eventually { server.runningHandlerCount == 1 })
    #expect(await !server.drain(deadline: .milliseconds(50)))
    let status = try await response?.status
    #expect(status == 503)
    isReleased.open()
    await isReleased.pass()
    // The late answer finds a stopped daemon and is dropped.
    #expect(await eventually { server.runningHandlerCount == 0 })
  }

  @Test func idleServerDrainsAtOnceAndTwice() async throws {
    let server = try HTTPServer(handler: echo)
    let port = server.port
    let client = try await blocking {
      let client = try RawClient(port: port)
      try client.send(RawClient.get("/"))
      _ = try client.receive()
      return Unshared(client)
    }
    let begin = ContinuousClock.now
    #expect(await server.drain(deadline: .seconds(10)))
    #expect(ContinuousClock.now - begin < .seconds(2))
    #expect(try await blocking { try client.value.isClosedByServer() })
    #expect(await server.drain(deadline: .seconds(10)))
  }

  @Test func releasedServerAnswersWhatIsOpen() async throws {
    let gate = Gate()
    var server: HTTPServer? = try HTTPServer { _ in
      await gate.pass()
      return HTTPResponse(status: .ok)
    }
    let port = try #require(server?.port)
    async let response = blocking { try RawClient.exchange(port: port, RawClient.get("/")) }
    #expect(await eventually { gate.entered == 1 })
    let begin = ContinuousClock.now
    server = nil
    #expect(ContinuousClock.now - begin < .seconds(2))
    let status = try await response?.status
    #expect(status == 503)
    #expect(await eventually { gate.cancelled == 1 })
  }

  @Test func occupiedPortIsNamedWithItsReason() async throws {
    let first = try HTTPServer(handler: echo)
    var configuration = DaemonConfiguration()
    configuration.port = first.port
    #expect(
      throws: DaemonError.cannotListen(
        address: "127.0.0.1:\(first.port)", operation: "bind", reason: "Address already in use")
    ) { try HTTPServer(configuration: configuration, handler: echo) }
    await first.drain(deadline: .seconds(1))
  }

  @Test(arguments: ["nowhere.invalid", "", "1.2.3.4.5", "::g"])
  func hostThatIsNoAddressIsRefused(host: String) {
    var configuration = DaemonConfiguration()
    configuration.host = host
    #expect(throws: DaemonError.badHost(host)) {
      try HTTPServer(configuration: configuration, handler: echo)
    }
  }

  @Test func settingOutOfRangeIsNamed() {
    var configuration = DaemonConfiguration()
    configuration.headerMemoryBytes = 10
    #expect(
      throws: DaemonError.badSetting(
        name: "headerMemoryBytes", found: "10", expected: "4096...16777216")
    ) { try HTTPServer(configuration: configuration, handler: echo) }
  }

  @Test(arguments: ["localhost", "0.0.0.0", "::"])
  func hostFormsListen(host: String) async throws {
    try await withServer({ $0.host = host }, handler: echo) { server in
      let port = server.port
      let status = try await blocking {
        try RawClient.exchange(port: port, RawClient.get("/"))?.status
      }
      #expect(status == 200)
    }
  }

  @Test func twoHundredCyclesLeaveNoDescriptor() async throws {
    func cycle() async throws {
      let server = try HTTPServer(handler: echo)
      let port = server.port
      let status = try await blocking {
        try RawClient.exchange(port: port, RawClient.get("/"))?.status
      }
      #expect(status == 200)
      #expect(await server.drain(deadline: .seconds(5)))
    }
    try await cycle()
    let before = Self.ownSockets()
    for _ in 0..<200 { try await cycle() }
    // Other suites run beside this one, so allow for their few sockets.
    #expect(await eventually { Self.ownSockets() < before + 100 })
  }

  static func ownSockets() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? .max
  }
}

/// A client that is handed from thread to thread, used by one at a time.
struct Unshared: @unchecked Sendable {
  let value: RawClient
  init(_ value: RawClient) { self.value = value }
}
