import AlignAPI
import ArgumentParser
import Foundation
import Postgres

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Show who changed what.",
    discussion: "Example: ligature audit list --since 2d",
    subcommands: [AuditListCommand.self])
}

struct AuditListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List writes and changes of keys, the oldest first.",
    discussion: """
      Every write over HTTP, every change of a key, and the commands that promote and delete. Rows are
      only ever added. --since takes a moment (2026-11-25 or 2026-11-25T09:00:00Z) or a time
      before now: 30m, 12h, 7d.

      Example: ligature audit list --since 12h --json
      """)

  @Option(name: .long, help: "From when on.", transform: AuditListCommand.moment)
  var since: Timestamp?

  @Option(name: .long, help: "The newest so many.")
  var limit = 1000

  @Flag(name: .long, help: "Print one JSON object a line instead of a table.")
  var json = false

  @OptionGroup var database: DatabaseOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit: 1 or more expected") }
  }

  func run() throws {
    let records = try AuditLog(Connection(database.readySettings())).records(
      since: since, limit: limit)
    if json {
      for record in records { print(Self.json(record)) }
    } else if records.isEmpty {
      print("nothing was recorded")
    } else {
      print(Self.table(records).text)
    }
  }

  static func table(_ records: [AuditRecord]) -> TextTable {
    var table = TextTable([
      ("when", .left), ("actor", .left), ("action", .left), ("target", .left), ("request", .left),
      ("detail", .left),
    ])
    for record in records {
      let entry = record.entry
      table.append([
        record.moment.iso8601, entry.actor, entry.action, entry.target, entry.requestID ?? "",
        entry.detail.text == "{}" ? "" : entry.detail.text,
      ])
    }
    return table
  }

  static func json(_ record: AuditRecord) -> String {
    var json = JSONWriter()
    json.object { json in
      json.name("id")
      json.integer(record.id)
      json.name("at")
      json.string(record.moment.iso8601)
      json.name("actor")
      json.string(record.entry.actor)
      json.name("action")
      json.string(record.entry.action)
      json.name("target")
      json.string(record.entry.target)
      json.name("request_id")
      json.string(record.entry.requestID)
      json.name("detail")
      json.spelled(record.entry.detail.text)
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// Reads a moment, or a time before now.
  static func moment(_ text: String) throws -> Timestamp {
    let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400]
    var date = try? Date(text, strategy: .iso8601)
    if date == nil {
      date = try? Date(text, strategy: .iso8601.year().month().day())
    }
    if date == nil, let unit = text.last.flatMap({ units[$0] }),
      let count = Double(text.dropLast()), (0..<1_000_000).contains(count)
    {
      date = Date(timeIntervalSinceNow: -count * unit)
    }
    guard let date else {
      throw ValidationError(
        "'\(text)' is no moment: 2026-11-25, 2026-11-25T09:00:00Z or 12h expected")
    }
    return Timestamp(microsecondsSince1970: Int64(date.timeIntervalSince1970 * 1_000_000))
  }
}
