import AlignAPI
import HTTPDaemon
import Postgres

/// A job's progress as server-sent events (HTML Living Standard §9.2): `progress` whenever it has
/// changed, `done` at its end.
///
/// An event's id is the moment of the change: a client that comes back with it in `Last-Event-ID`
/// does not get that state again.
struct JobEvents: Sendable {
  let database: ServiceDatabase
  let job: Int64
  /// The id of the last event that the client had.
  let lastID: String?

  private static let lookInterval = Duration.milliseconds(250)
  /// Longest silence; a comment then tells proxies that the stream lives.
  private static let heartbeat = Duration.seconds(15)

  func write(to output: HTTPStreamWriter) async throws {
    var last = lastID
    var lastSent = ContinuousClock.now
    try await output.write(Array("retry: 1000\n\n".utf8))
    // A client comes back by itself, to the server that follows.
    while !database.isStopping.isRaised {
      let summary = try await database.reading.withConnection { connection in
        try IndexJobStore(connection).summary(job)
      }
      // A job goes with its corpus.
      guard let summary else {
        try await output.write(Array("event: gone\ndata: {}\n\n".utf8))
        return
      }
      let id = "\(summary.updatedAt.microsecondsSince1970)"
      let isOver = !summary.job.state.isOpen
      if id != last || isOver {
        last = id
        lastSent = .now
        try await output.write(Self.event(isOver ? "done" : "progress", id: id, summary.json))
      } else if .now - lastSent >= Self.heartbeat {
        lastSent = .now
        try await output.write(Array(": \n\n".utf8))
      }
      if isOver { return }
      try await Task.sleep(for: Self.lookInterval)
    }
  }

  private static func event(_ name: String, id: String, _ json: [UInt8]) -> [UInt8] {
    Array("event: \(name)\nid: \(id)\ndata: ".utf8) + json + [10, 10]
  }
}
