import Foundation
import FoundationNetworking
import HTTPDaemon
import ModelTestSupport
import Postgres
import TestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct SearchServiceFailureDatabaseTests {
  let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture.shared()
  }

  @Test func serverIsLiveFromTheStartAndReadyWhenLoaded() async throws {
    try await APIClient.withServer(try APIClient()) { client in
      #expect(try await client.get("/livez").status == 200)
      for answer in [
        try await client.get("/readyz"), try await client.get("/v1/info"),
        try await client.search(#""text": "a""#),
      ] {
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] == "1")
        #expect(
          try answer.decoded(as: ProblemDetails.self).detail
            == "The model and its vectors are being loaded.")
      }
      try client.begin(fixture, database: try fixture.makeDatabase())
      #expect(try await client.get("/readyz").status == 200)
      #expect(try await client.search(#""text": "a""#).status == 200)
    }
  }

  @Test func databaseThatStopsAndComesBack() async throws {
    let cluster = try PrivateCluster(
      folder: "/tmp/ligature-stop-\(ProcessInfo.processInfo.processIdentifier)", port: 6007)
    try cluster.start()
    defer {
      try? cluster.stop()
      try? FileManager.default.removeItem(atPath: cluster.folder)
    }
    try fixture.fill(cluster.settings())
    try await APIClient.withServer(try APIClient(fixture, database: try cluster.settings())) {
      client in
      #expect(try await client.search(#""text": "a""#).status == 200)
      try cluster.stop()
      for answer in [
        try await client.get("/readyz"), try await client.search(#""text": "a""#),
        try await client.search(#""smiles": "CCO""#),
      ] {
        #expect(answer.status == 503)
        #expect(
          try answer.decoded(as: ProblemDetails.self).detail == "The database does not answer.")
      }
      #expect(try await client.get("/livez").status == 200)
      #expect(try await client.post("/v1/embeddings", #"{"input": "a"}"#).status == 200)
      try cluster.start()
      #expect(try await client.get("/readyz").status == 200)
      #expect(try await client.search(#""text": "a""#).status == 200)
    }
  }

  @Test func lockedTableIsToldInTime() async throws {
    let database = try fixture.makeDatabase()
    let client = try APIClient(
      fixture, database: database, statementTimeout: .milliseconds(300))
    try await APIClient.withServer(client) { client in
      let other = try Connection(database)
      try other.execute("begin")
      try other.execute("lock table items")
      let answer = try await client.search(#""text": "a""#)
      #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
      try other.execute("rollback")
      #expect(try await client.search(#""text": "a""#).status == 200)
    }
  }

  /// A body of 256 texts that no other request has.
  private static func inputs(_ number: Int) -> String {
    let texts = (0..<256).map { "\"a beta blocker, \(number) \($0)\"" }
    return "{\"input\": [\(texts.joined(separator: ","))]}"
  }

  @Test func overloadIsToldWithAdviceToComeBack() async throws {
    try await APIClient.withServer(
      try APIClient(fixture, database: try fixture.makeDatabase(), waitingLimit: 1)
    ) { client in
      let answers = try await withThrowingTaskGroup(of: APIClient.Answer.self) { group in
        for number in 0..<4 {
          group.addTask { try await client.post("/v1/embeddings", Self.inputs(number)) }
        }
        for number in 0..<60 {
          group.addTask { try await client.search("\"text\": \"a \(number)\"") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let refused = answers.filter { $0.status == 429 }
      #expect(!refused.isEmpty)
      #expect(refused.allSatisfy { Int($0.headers["retry-after"] ?? "") ?? 0 >= 1 })
      #expect(answers.allSatisfy { [200, 429].contains($0.status) })
      #expect(try await client.search(#""text": "a""#).status == 200)
    }
  }

  @Test func drainLetsOpenSearchesFinish() async throws {
    try await APIClient.withServer(try APIClient(fixture, database: try fixture.makeDatabase())) {
      client in
      let answers = Task {
        try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<8 {
            group.addTask {
              try await client.post("/v1/embeddings", Self.inputs(number)).status
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
      }
      while client.server.runningHandlerCount < 8 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(await client.server.drain(deadline: .seconds(20)))
      #expect(try await answers.value == Array(repeating: 200, count: 8))
      await #expect(throws: URLError.self) { try await client.get("/livez") }
    }
  }
}
