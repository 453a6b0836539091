import AlignAPI
import ArgumentParser
import Foundation
import Postgres

struct DatabaseCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look for rows that break the rules, and repair them.",
    discussion: """
      Finds items that no row of a file leads to, embeddings of the wrong length, of another
      checkpoint or of a side that the item lacks, items without key, descriptors or fingerprint,
      stale codes, gaps in the change log, chunks of work that is done, and models without tables.

      --repair computes what can be computed, lets equal items become one, and deletes the rest:
      index the same files again to get deleted embeddings back. It works in small transactions,
      while the database is in use.

      Examples:
        ligature db check
        ligature db check --repair --database postgresql://user@server/ligature

      Exit codes: 0 nothing found or all of it repaired, 2 problems remain, 1 failed, 130 and 143
      stopped by Ctrl-C and SIGTERM.
      """)

  @Flag(name: .long, help: "Repair what is found.")
  var repair = false

  @Flag(name: .long, help: "Print one JSON array instead of a table.")
  var json = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let connection = try Connection(database.readySettings())
    let signals = StopSignals(announcing: "stopping after this check")
    let progress = ProgressDisplay()
    let check = DatabaseCheck.current
    let results = try check.run(
      connection, repair: repair, shouldStop: { signals.received != nil },
      report: { name, share in progress.update(share: share, label: "checking", detail: name) })
    progress.line("\(results.count) of \(check.count) checks made")
    print(json ? Self.json(results) : Self.table(results).text)
    if let signal = signals.received, results.count < check.count { throw ExitCode(128 + signal) }
    if results.contains(where: { !$0.isClean }) {
      if !repair {
        progress.line("give the command again with --repair")
      }
      throw ExitCode(2)
    }
  }

  static func table(_ results: [CheckResult]) -> TextTable {
    var table = TextTable([
      ("found", .right), ("repaired", .right), ("check", .left), ("for example", .left),
    ])
    for result in results {
      let more = result.found > result.examples.count && !result.examples.isEmpty ? "; …" : ""
      table.append([
        grouped(result.found), grouped(result.repaired), result.check,
        result.examples.joined(separator: "; ") + more,
      ])
    }
    return table
  }

  static func json(_ results: [CheckResult]) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      for result in results {
        writer.object { writer in
          writer.name("check")
          writer.string(result.check)
          writer.name("found")
          writer.integer(result.found)
          writer.name("repaired")
          writer.integer(result.repaired)
          writer.name("examples")
          writer.array { writer in
            for example in result.examples { writer.string(example) }
          }
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
