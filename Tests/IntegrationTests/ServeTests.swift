import Foundation
import FoundationNetworking
import Postgres
import TestSupport
import Testing

/// The built program as a server: ready, searched, and stopped with SIGTERM at bad moments.
@Suite struct ServeTests {
  private struct Found: Decodable {
    struct Result: Decodable { let smiles: String }
    let results: [Result]
  }

  private struct Answer: Sendable {
    let status: Int
    let body: Data
  }

  private struct Embedded: Decodable {
    struct Vector: Decodable { let embedding: [Float] }
    let data: [Vector]
  }

  private let scratch: ScratchFolder
  private let settings: ConnectionSettings

  init() throws {
    let made = try TinyDatabase.withCompounds()
    (scratch, settings) = (made.scratch, made.settings)
  }

  private func serve() throws -> ProgramRun {
    try ProgramRun([
      "serve", "--model", scratch.path + "/tiny", "--port", "0",
      "--snapshots", scratch.path + "/snapshots", "--database", settings.description,
    ])
  }

  /// The address that the server prints, as soon as it does.
  private func address(of run: ProgramRun) async throws -> String {
    while run.isRunning {
      let text = String(decoding: try run.printed(), as: UTF8.self)
      if let match = text.firstMatch(of: #/listening on (http:\/\/127\.0\.0\.1:[0-9]+)\n/#) {
        return String(match.1)
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw URLError(.cannotConnectToHost)
  }

  private static func send(
    _ address: String, _ path: String, body: String? = nil
  ) async throws -> Answer {
    guard let url = URL(string: address + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    if let body {
      request.httpMethod = "POST"
      request.httpBody = Data(body.utf8)
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    let (data, response) = try await URLSession.shared.data(for: request)
    return Answer(status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: data)
  }

  /// Sends the same request several times at once.
  private static func send(
    _ address: String, _ path: String, body: String, times: Int
  ) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for _ in 0..<times {
        group.addTask { try await send(address, path, body: body) }
      }
      var answers: [Answer] = []
      for try await answer in group { answers.append(answer) }
      return answers
    }
  }

  @Test func searchesAndStopsUnderLoadWithEveryAnswerComplete() async throws {
    let run = try serve()
    defer { _ = run.kill() }
    let address = try await address(of: run)
    while try await Self.send(address, "/readyz").status != 200 {
      try await Task.sleep(for: .milliseconds(5))
    }
    let answer = try await Self.send(
      address, "/v1/search", body: #"{"text": "a beta blocker", "k": 3}"#)
    #expect(answer.status == 200)
    #expect(try JSONDecoder().decode(Found.self, from: answer.body).results.count == 3)

    let list = Array(repeating: "\"a beta blocker\"", count: 256).joined(separator: ",")
    let body = "{\"input\": [\(list)]}"
    let start = ContinuousClock.now
    _ = try await Self.send(address, "/v1/embeddings", body: body)
    let once = ContinuousClock.now - start
    async let load = Self.send(address, "/v1/embeddings", body: body, times: 6)
    // The six are worked on side by side, so none is done before all but one are nearly done.
    try await Task.sleep(for: once * 2)
    run.terminate()
    let answers = try await load
    #expect(answers.map(\.status) == Array(repeating: 200, count: 6))
    for answer in answers {
      let vectors = try JSONDecoder().decode(Embedded.self, from: answer.body).data
      #expect(vectors.count == 256 && vectors.allSatisfy { $0.embedding.count == 16 })
    }
    #expect(try await run.status(within: .seconds(20)) == 0)
    await #expect(throws: URLError.self) { try await Self.send(address, "/livez") }
  }

  @Test func stopsWhileItLoads() async throws {
    // A lock on the vectors makes loading last.
    let other = try Connection(settings)
    try other.execute("begin")
    try other.execute("lock table embeddings")
    let run = try serve()
    defer { _ = run.kill() }
    let address = try await address(of: run)
    #expect(try await Self.send(address, "/livez").status == 200)
    #expect(try await Self.send(address, "/readyz").status == 503)
    run.terminate()
    #expect(try await run.status(within: .seconds(5)) == 0)
    try other.execute("rollback")
  }

  @Test func promotionSwitchesWithoutARestart() async throws {
    let second = try TinyModel.trainingArguments(in: scratch.path, name: "other", seed: 2)
    try #require(ProgramRun(second).wait() == 0)
    let database = ["--database", settings.description]
    try #require(
      ProgramRun(
        ["index", "--model", scratch.path + "/other", "--name", "compounds", "--reembed"] + database
      ).wait() == 0)
    let run = try ProgramRun(
      [
        "serve", "--model", scratch.path + "/tiny", "--model", scratch.path + "/other", "--port",
        "0", "--no-snapshot",
      ] + database)
    defer { _ = run.kill() }
    let address = try await address(of: run)
    while try await Self.send(address, "/readyz").status != 200 {
      try await Task.sleep(for: .milliseconds(5))
    }
    func name() async throws -> String {
      struct Info: Decodable {
        struct Model: Decodable { let name: String }
        let model: Model
      }
      let answer = try await Self.send(address, "/v1/info")
      return try JSONDecoder().decode(Info.self, from: answer.body).model.name
    }
    #expect(try await name() == "tiny")
    for model in ["other", "tiny"] {
      try #require(ProgramRun(["models", "promote", model] + database).wait() == 0)
      let start = ContinuousClock.now
      while try await name() != model, .now - start < .seconds(30) {
        // Whatever model answers, it answers.
        #expect(
          try await Self.send(address, "/v1/search", body: #"{"text": "a drug"}"#).status == 200)
      }
      #expect(try await name() == model)
    }
    run.terminate()
    #expect(try await run.status(within: .seconds(20)) == 0)
  }

  /// What a restore brings back is lower in its version than what the server has.
  @Test func restoreUnderAServerIsSeen() async throws {
    let dump = scratch.path + "/all.dump"
    let database = ["--database", settings.description]
    try #require(ProgramRun(["db", "backup", "--out", dump] + database).wait() == 0)
    let run = try serve()
    defer { _ = run.kill() }
    let address = try await address(of: run)
    while try await Self.send(address, "/readyz").status != 200 {
      try await Task.sleep(for: .milliseconds(5))
    }
    /// The number of results, as soon as it is another than `number`.
    func results(after number: Int) async throws -> Int {
      let start = ContinuousClock.now
      while true {
        let answer = try await Self.send(
          address, "/v1/search", body: #"{"text": "a beta blocker", "k": 1000}"#)
        if answer.status == 200 {
          let found = try JSONDecoder().decode(Found.self, from: answer.body).results.count
          if found != number { return found }
        }
        try #require(.now - start < .seconds(30), "the server goes on with \(number) results")
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    let whole = try await results(after: 0)
    let connection = try Connection(settings)
    try connection.transaction {
      try connection.execute("delete from items where id % 2 = 0")
      try connection.execute(
        """
        select record_change(id, null, '{}', array(select generate_series(2, 2000, 2)::bigint))
        from corpora
        """)
    }
    #expect(try await results(after: whole) < whole)
    try #require(ProgramRun(["db", "restore", dump, "--clean"] + database).wait() == 0)
    var found = try await results(after: 0)
    if found != whole { found = try await results(after: found) }
    #expect(found == whole)
  }

  @Test func tellsTheServiceManager() async throws {
    let manager = try NotificationSocket(path: scratch.path + "/notify")
    let run = try ProgramRun(
      [
        "serve", "--model", scratch.path + "/tiny", "--port", "0", "--no-snapshot",
        "--database", settings.description,
      ], environment: ["NOTIFY_SOCKET": manager.path])
    defer { _ = run.kill() }
    #expect(try await manager.message(within: .seconds(60))?.contains("READY=1") == true)
    run.terminate()
    #expect(try await manager.message(within: .seconds(60))?.contains("STOPPING=1") == true)
    #expect(try await run.status(within: .seconds(20)) == 0)
  }

  @Test func publicAddressNeedsKeys() async throws {
    let arguments = [
      "serve", "--model", scratch.path + "/tiny", "--port", "0", "--host", "0.0.0.0",
      "--no-snapshot", "--database", settings.description,
    ]
    #expect(try await ProgramRun(arguments).status(within: .seconds(30)) == 1)
    let creation = try ProgramRun([
      "keys", "create", "--name", "test", "--database", settings.description,
    ])
    try #require(creation.wait() == 0)
    let key = String(decoding: try creation.printed(), as: UTF8.self)
      .trimmingCharacters(in: .newlines)
    let server = try ProgramRun(arguments)
    defer { _ = server.kill() }
    var address: String?
    while server.isRunning, address == nil {
      let text = String(decoding: try server.printed(), as: UTF8.self)
      address = text.firstMatch(of: #/listening on http:\/\/0\.0\.0\.0:([0-9]+)\n/#)
        .map { "http://127.0.0.1:\($0.1)" }
      try await Task.sleep(for: .milliseconds(5))
    }
    let url = try #require(address.flatMap { URL(string: $0 + "/v1/info") })
    var request = URLRequest(url: url)
    let refused = try await URLSession.shared.data(for: request).1
    #expect((refused as? HTTPURLResponse)?.statusCode == 401)
    request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
    let answered = try await URLSession.shared.data(for: request).1
    #expect([200, 503].contains((answered as? HTTPURLResponse)?.statusCode))
  }
}
