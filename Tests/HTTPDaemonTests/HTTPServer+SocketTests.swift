import Foundation
import Glibc
import Synchronization
import Testing

@testable import HTTPDaemon

/// Serialised, because one test measures the memory of the whole process.
@Suite(.serialized) struct HTTPServerSocketTests {
  @Test func secondServerTakesThePortOverWithoutALostRequest() async throws {
    func start(port: UInt16, name: String) throws -> HTTPServer {
      var configuration = DaemonConfiguration()
      configuration.port = port
      configuration.reusePort = true
      return try HTTPServer(configuration: configuration) { _ in
        HTTPResponse(contentType: "text/plain", body: Array(name.utf8))
      }
    }
    let first = try start(port: 0, name: "first")
    let port = first.port
    let isOver = Gate()
    async let answers = blocking {
      var answers: [String] = []
      while isOver.entered == 0 {
        answers.append(try RawClient.exchange(port: port, RawClient.get("/"))?.text ?? "lost")
      }
      return answers
    }
    try await Task.sleep(for: .milliseconds(50))
    let second = try start(port: port, name: "second")
    try await Task.sleep(for: .milliseconds(50))
    #expect(await first.drain(deadline: .seconds(5)))
    try await Task.sleep(for: .milliseconds(50))
    isOver.open()
    await isOver.pass()
    let all = try await answers
    #expect(Set(all) == ["first", "second"])
    #expect(all.last == "second")
    await second.drain(deadline: .seconds(5))
  }

  @Test func portIsNotSharedUnlessBothSaySo() async throws {
    try await withServer(handler: echo) { server in
      var configuration = DaemonConfiguration()
      configuration.port = server.port
      configuration.reusePort = true
      #expect(throws: DaemonError.self) {
        try HTTPServer(configuration: configuration, handler: echo)
      }
    }
  }

  @Test func inheritedSocketIsServed() async throws {
    let own = try ListeningSocket.bind(host: "127.0.0.1", port: 0, sharesPort: false)
    // As a service manager would leave it.
    _ = fcntl(own.descriptor, F_SETFL, fcntl(own.descriptor, F_GETFL) & ~O_NONBLOCK)
    let server = try HTTPServer(
      DaemonConfiguration(), DaemonCallbacks(handler: echo),
      spool: Spool { () throws(SpoolError) in try BodyFile.create(in: "/var/tmp") },
      listen: { (_) throws(DaemonError) in
        try ListeningSocket.inherit(
          processID: "\(getpid())", count: "1", descriptor: own.descriptor)
      })
    let port = server.port
    #expect(port == own.port)
    let status = try await blocking {
      try RawClient.exchange(port: port, RawClient.get("/"))?.status
    }
    #expect(status == 200)
    #expect(fcntl(own.descriptor, F_GETFL) & O_NONBLOCK != 0)
    await server.drain(deadline: .seconds(2))
  }

  @Test func inheritanceThatIsNotOursIsRefused() throws {
    let own = "\(getpid())"
    let cases: [(String?, String?, Int32, String)] = [
      (nil, "1", 3, "are not set"), (own, nil, 3, "are not set"),
      ("1", "1", 3, "LISTEN_PID is '1'"),
      (own, "2", 3, "LISTEN_FDS is '2', expected 1"), (own, "1", 999, "descriptor 999 is no"),
    ]
    for (process, count, descriptor, text) in cases {
      #expect {
        try ListeningSocket.inherit(processID: process, count: count, descriptor: descriptor)
      } throws: { error in
        (error as? DaemonError)?.description.contains(text) == true
      }
    }
    var configuration = DaemonConfiguration()
    configuration.socketSource = .inherited
    #expect(throws: DaemonError.self) {
      try HTTPServer(configuration: configuration, handler: echo)
    }
  }

  @Test func addressHasItsLimit() async throws {
    try await withServer({ $0.connectionsPerAddress = 3 }, handler: echo) { server in
      let port = server.port
      let (held, refused) = try await blocking {
        let clients = try (0..<3).map { _ in
          let client = try RawClient(port: port)
          try client.send(RawClient.get("/"))
          _ = try client.receive()
          return Unshared(client)
        }
        let fourth = try RawClient(port: port)
        try? fourth.send(RawClient.get("/"))
        return (clients, try fourth.receive() == nil)
      }
      #expect(refused)
      withExtendedLifetime(held) {}
    }
  }

  @Test func idleConnectionsGiveWayToNewOnes() async throws {
    try await withServer({ $0.connectionLimit = 4 }, handler: echo) { server in
      let port = server.port
      let statuses = try await blocking {
        let clients = try (0..<12).map { _ in
          let client = try RawClient(port: port)
          try client.send(RawClient.get("/"))
          return Unshared(client)
        }
        return try clients.map { try $0.value.receive()?.status }
      }
      #expect(statuses == Array(repeating: 200, count: 12))
    }
  }

  @Test func requestKnowsItsClient() async throws {
    let handler: HTTPHandler = { request in
      HTTPResponse(
        contentType: "text/plain", body: Array("\(request.peer) \(request.isSecure)".utf8))
    }
    // A socket for both families shows IPv4 clients as what they are.
    for host in ["127.0.0.1", "::"] {
      try await withServer({ $0.host = host }, handler: handler) { server in
        let port = server.port
        let text = try await blocking {
          try RawClient.exchange(port: port, RawClient.get("/"))?.text
        }
        #expect(text == "127.0.0.1 false")
      }
    }
  }

  @Test func thousandIdleConnectionsAreCheap() async throws {
    try await withServer({ $0.watchInterval = .milliseconds(100) }, handler: echo) { server in
      let port = server.port
      let before = try HTTPServerBodyTests.residentBytes()
      let clients = try await blocking {
        try (0..<1000).map { _ in
          let client = try RawClient(port: port)
          try client.send(RawClient.get("/"))
          _ = try client.receive()
          return Unshared(client)
        }
      }
      // With the clients' own side.
      #expect(try HTTPServerBodyTests.residentBytes() - before < 100 << 20)
      let used = clock()
      try await Task.sleep(for: .seconds(1))
      let share = Double(clock() - used) / Double(CLOCKS_PER_SEC)
      #expect(share < 0.1, "idle connections take \(share) of a processor")
      let statuses = try await blocking {
        try clients.suffix(3).map { client in
          try client.value.send(RawClient.get("/"))
          return try client.value.receive()?.status
        }
      }
      #expect(statuses == [200, 200, 200])
    }
  }
}
