import Glibc
import HTTPDaemon
import Testing

/// Random inputs with fixed seeds: the server answers or closes, and forgets nothing.
@Suite struct HTTPServerPropertyTests {
  /// SplitMix64.
  struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func damagedRequestsNeverDisturbTheNext(seed: UInt64) async throws {
    let change: (inout DaemonConfiguration) -> Void = { $0.maximumBodyBytes = 200 }
    try await withServer(change, handler: echo) { server in
      let port = server.port
      let survivors = try await blocking {
        var generator = SeededGenerator(state: seed)
        let whole =
          RawClient.post("/a/b?c=d%20e", Array("0123456789".utf8), extra: "X-A: b\r\n")
          + Array("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
          + Array("5\r\nabcde\r\n0\r\n\r\n".utf8)
        return try (0..<100).reduce(into: 0) { survivors, _ in
          var bytes = whole
          for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[..<place].suffix(9), at: place)
            }
          }
          let client = try RawClient(port: port)
          try? client.send(bytes)
          client.finishSending()
          while try client.receive() != nil {}
          let next = try RawClient.exchange(port: port, RawClient.get("/"))
          if next?.status == 200 { survivors += 1 }
        }
      }
      #expect(survivors == 100)
      #expect(await eventually { server.openRequestCount == 0 })
      #expect(server.runningHandlerCount == 0)
    }
  }

  @Test(arguments: [4, 5] as [UInt64])
  func clientsThatLeaveAtAnyMomentAreForgotten(seed: UInt64) async throws {
    let handler: HTTPHandler = { request in
      try? await Task.sleep(for: .microseconds(200 * request.body.count))
      return HTTPResponse(status: .ok)
    }
    let change: (inout DaemonConfiguration) -> Void = { $0.watchInterval = .milliseconds(1) }
    let isClean = try await withServer(change, handler: handler) { server in
      let port = server.port
      try await withThrowingTaskGroup { group in
        for client in 0..<8 {
          group.addTask {
            try await blocking {
              var generator = SeededGenerator(state: seed &* 100 &+ UInt64(client))
              for _ in 0..<40 {
                let size = Int.random(in: 0...30, using: &generator)
                let bytes = RawClient.post("/", [UInt8](repeating: 65, count: size))
                let client = try RawClient(port: port)
                let cut = Int.random(in: 0...bytes.count * 2, using: &generator)
                try client.send(Array(bytes.prefix(cut)))
                usleep(UInt32.random(in: 0...3000, using: &generator))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(await eventually { server.openRequestCount == 0 })
      return await server.drain(deadline: .seconds(5))
    }
    #expect(isClean)
  }

  @Test func largeAnswerArrivesWhole() async throws {
    let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 11) }
    let handler: HTTPHandler = { _ in HTTPResponse(contentType: "a/b", body: body) }
    try await withServer(handler: handler) { server in
      let port = server.port
      let response = try await blocking {
        try RawClient.exchange(port: port, RawClient.get("/"))
      }
      #expect(response?.body == body)
    }
  }
}
