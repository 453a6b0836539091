import Foundation
import Postgres
import TestSupport
import Testing

/// `ligature search` of the built program.
@Suite struct SearchCommandTests {
  private struct Hit: Decodable {
    let rank: Int
    let id: Int64
  }

  private let scratch: ScratchFolder
  private let settings: ConnectionSettings

  init() throws {
    let made = try TinyDatabase.withCompounds()
    (scratch, settings) = (made.scratch, made.settings)
  }

  private func search(_ arguments: [String]) throws -> (hits: [Hit], messages: String) {
    let file = scratch.path + "/messages"
    let run = try ProgramRun(
      [
        "search", "--model", scratch.path + "/tiny", "a beta blocker", "--json",
        "--snapshots", scratch.path + "/snapshots", "--database", settings.description,
      ] + arguments,
      launcher: ["sh", "-c", "exec \"$@\" 2>'\(file)'", "sh"])
    let status = run.wait()
    let messages = try String(contentsOfFile: file, encoding: .utf8)
    try #require(status == 0, "\(messages)")
    return (try JSONDecoder().decode([Hit].self, from: try run.printed()), messages)
  }

  @Test func indexAndCursorOfJSONGoToStandardError() throws {
    let first = try search(["-k", "3", "--index", "coded"])
    #expect(first.hits.map(\.rank) == [1, 2, 3])
    let lines = first.messages.split(separator: "\n")
    #expect(lines.first?.hasPrefix("index: coded, recall@10 ") == true)
    let more = try #require(lines.last)
    #expect(more.hasPrefix("more: --cursor "))
    let cursor = String(more.dropFirst("more: --cursor ".count))
    let second = try search(["-k", "3", "--index", "coded", "--cursor", cursor])
    #expect(second.hits.map(\.rank) == [4, 5, 6])
    #expect(Set(first.hits.map(\.id)).isDisjoint(with: second.hits.map(\.id)))
  }

  @Test func snapshotOfAServerIsRead() async throws {
    let server = try ProgramRun([
      "serve", "--model", scratch.path + "/tiny", "--port", "0",
      "--snapshots", scratch.path + "/snapshots", "--database", settings.description,
    ])
    // One that is being written, and the lock, have names with an ending.
    func snapshots() -> [String] {
      let names = try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/snapshots")
      return (names ?? []).filter { !$0.contains(".") }
    }
    let deadline = ContinuousClock.now + .seconds(30)
    while server.isRunning, snapshots().isEmpty, .now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    server.terminate()
    try #require(try await server.status(within: .seconds(30)) == 0)
    // The vectors alone are taken away, and no version tells of it.
    try Connection(settings).execute("delete from embeddings")
    #expect(try search(["-k", "3"]).hits.map(\.rank) == [1, 2, 3])
    #expect(try search(["-k", "3", "--index", "exact"]).hits.isEmpty)
  }
}
