import Foundation
import FoundationNetworking
import Postgres
import Synchronization
import TestSupport
import Testing

/// The built server, killed with SIGKILL at random moments while clients write to it, and started
/// again: every acknowledged write is there, and every request with a key was done exactly once.
///
/// `LIGATURE_WRITE_KILLS` says how many kills.
@Suite struct WriteKillTests {
  private static let kills =
    ProcessInfo.processInfo.environment["LIGATURE_WRITE_KILLS"].flatMap(Int.init) ?? 6
  private static let clients = 4

  private let scratch: ScratchFolder
  private let settings: ConnectionSettings

  init() throws {
    let made = try TinyDatabase()
    (scratch, settings) = (made.scratch, made.settings)
  }

  private func serve() throws -> ProgramRun {
    try ProgramRun([
      "serve", "--model", scratch.path + "/tiny", "--port", "0", "--no-snapshot", "--lease", "0.5",
      "--database", settings.description,
    ])
  }

  /// The server's address once it is ready.
  private func ready(_ run: ProgramRun) async throws -> String {
    while run.isRunning {
      let text = String(decoding: try run.printed(), as: UTF8.self)
      if let match = text.firstMatch(of: #/listening on (http:\/\/127\.0\.0\.1:[0-9]+)\n/#) {
        let address = String(match.1)
        if try await WriteClient.send(address, "GET", "/readyz")?.status == 200 { return address }
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw URLError(.cannotConnectToHost)
  }

  @Test func keyedWritesAreDoneOnceAfterAnyNumberOfKills() async throws {
    let place = ServerPlace()
    let writers = (0..<Self.clients).map { number in
      Task { try await WriteClient(number: number, place: place).run() }
    }
    for _ in 0..<Self.kills {
      let run = try serve()
      place.address = try await ready(run)
      try await Task.sleep(for: .milliseconds(Int.random(in: 300..<1500)))
      _ = run.kill()
    }
    let run = try serve()
    defer { _ = run.kill() }
    place.address = try await ready(run)
    place.isOver = true
    var acknowledged: [WriteClient.Write] = []
    for writer in writers { acknowledged += try await writer.value }
    let connection = try Connection(settings)
    // Each request raises the version by one, once.
    #expect(acknowledged.count > Self.clients)
    #expect(acknowledged.map(\.version).sorted() == Array(1...acknowledged.count))
    let version: Int = try connection.query("select version from corpora").single().value(at: 0)
    #expect(version == acknowledged.count)
    let entries: Int = try connection.query(
      "select count(*) from audit_log where action = 'item.put'"
    ).single().value(at: 0)
    #expect(entries == acknowledged.count)
    // What was acknowledged last of each id is what is there.
    let last = Dictionary(grouping: acknowledged, by: \.id).compactMapValues {
      $0.max { $0.version < $1.version }?.text
    }
    var there: [String: String] = [:]
    for row in try connection.query(
      "select source_id, text from item_sources join items on items.id = item_id")
    {
      there[try row.value(at: 0)] = try row.value(at: 1)
    }
    #expect(there == last)
    print("writes: \(acknowledged.count) acknowledged, \(Self.kills) kills")
  }

  @Test func jobGoesOnAfterKills() async throws {
    var lines = ["id\ttext"]
    for number in 0..<6000 { lines.append("j\(number)\ttext number \(number)") }
    var run = try serve()
    defer { _ = run.kill() }
    var address = try await ready(run)
    let started = try await WriteClient.send(
      address, "POST", "/v1/jobs?corpus=jobs", lines.joined(separator: "\n") + "\n",
      ["Content-Type": "text/tab-separated-values"])
    #expect(started?.status == 202)
    for _ in 0..<2 {
      try await Task.sleep(for: .milliseconds(Int.random(in: 100..<500)))
      _ = run.kill()
      run = try serve()
      address = try await ready(run)
    }
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .seconds(120) {
      let job = try await WriteClient.send(address, "GET", "/v1/jobs/1")
      if job?.text.contains(#""state":"done""#) == true { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    let row = try Connection(settings).query(
      """
      select state, rows_indexed, rows_rejected, (select count(*) from item_sources),
        (select count(*) from embeddings), (select count(*) from index_chunks) from index_jobs
      """
    ).single()
    #expect(try row.value(at: 0, as: String.self) == "done")
    #expect(try (1...5).map { try row.value(at: $0, as: Int.self) } == [6000, 0, 6000, 6000, 0])
  }
}

/// Where the server is, while it changes.
private final class ServerPlace: Sendable {
  private let state = Mutex<(address: String?, isOver: Bool)>((nil, false))

  var address: String? {
    get { state.withLock { $0.address } }
    set { state.withLock { $0.address = newValue } }
  }

  /// Whether clients end with the request at hand.
  var isOver: Bool {
    get { state.withLock { $0.isOver } }
    set { state.withLock { $0.isOver = newValue } }
  }
}

/// Sends one request after the other, each with a key of its own and until it is answered.
private struct WriteClient: Sendable {
  struct Write: Sendable {
    let id: String
    let text: String
    let version: Int
  }

  struct Answer: Sendable {
    let status: Int
    let text: String
  }

  let number: Int
  let place: ServerPlace

  func run() async throws -> [Write] {
    var done: [Write] = []
    while !place.isOver {
      // Ids of one client are its own, so that the order of its answers is that of its writes.
      let (id, text) = ("c\(number)-\(done.count % 5)", "text \(done.count) of \(number)")
      let version = try await put(id, text, key: "\(number)-\(done.count)")
      done.append(Write(id: id, text: text, version: version))
    }
    return done
  }

  /// Puts an item, again and again with the same key until it is acknowledged.
  private func put(_ id: String, _ text: String, key: String) async throws -> Int {
    while true {
      if let address = place.address,
        let answer = try await Self.send(
          address, "PUT", "/v1/corpora/kill/items/\(id)", "{\"text\": \"\(text)\"}",
          ["Content-Type": "application/json", "Idempotency-Key": key])
      {
        if [200, 201].contains(answer.status),
          let version = answer.text.firstMatch(of: #/"corpus_version":([0-9]+)/#)
        {
          return try #require(Int(version.1))
        }
        #expect([409, 503].contains(answer.status), "\(answer.text)")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// The answer; nil when the server has gone.
  static func send(
    _ address: String, _ method: String, _ path: String, _ body: String? = nil,
    _ headers: [String: String] = [:]
  ) async throws -> Answer? {
    guard let url = URL(string: address + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url, timeoutInterval: 20)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    guard let (data, response) = try? await URLSession.shared.data(for: request),
      let response = response as? HTTPURLResponse
    else { return nil }
    return Answer(status: response.statusCode, text: String(decoding: data, as: UTF8.self))
  }
}
