import AlignAPI
import ArgumentParser
import Foundation
import Postgres

struct DatabaseBackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Write the whole database to one file.",
    discussion: """
      Runs PostgreSQL's own pg_dump of the server's version (custom format), while the database is
      in use; what is committed when it begins is in it. The file appears when it is complete and
      was read through once. Owners and rights are not in it.

      Example: ligature db backup --out ligature-2026-11-25.dump

      Exit codes: 0 done, 1 failed, 130 and 143 stopped by Ctrl-C and SIGTERM.
      """)

  @Option(name: .long, help: "The file to write; one that is there is replaced.")
  var out: String

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let settings = try database.settings()
    let version = try Connection(settings).serverVersion
    let backup = try DatabaseBackup(settings, serverVersion: version)
    let signals = StopSignals(announcing: "stopping")
    let start = ContinuousClock.now
    do {
      let bytes = try backup.write(
        to: URL(fileURLWithPath: out).path, shouldStop: { signals.received != nil })
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      print("\(out): \(grouped(bytes)) bytes in \(formatted(seconds: seconds))")
    } catch BackupError.stopped {
      throw ExitCode(128 + (signals.received ?? 0))
    }
  }
}

struct DatabaseRestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring a database back from a file of 'ligature db backup'.",
    discussion: """
      The file is read through first, then restored in one transaction: all of it, or nothing is
      changed. A database that holds models, corpora, keys or other things than Ligature's is
      refused unless --clean says that everything in its schema goes. Rights are not in the file:
      run 'ligature db roles' again.

      Example: ligature db restore ligature-2026-11-25.dump

      Exit codes: 0 done, 1 failed, 130 and 143 stopped by Ctrl-C and SIGTERM.
      """)

  @Argument(help: "The file.")
  var file: String

  @Flag(name: .long, help: "Replace everything that the database holds.")
  var clean = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let settings = try database.settings()
    let migrator = try database.migrator()
    let connection = try Connection(settings)
    let backup = try DatabaseBackup(settings, serverVersion: connection.serverVersion)
    let signals = StopSignals(announcing: "stopping")
    // A database that was only just made has tables, and nothing to lose.
    let isUnused = try DatabaseContents.isUnused(connection)
    do {
      try backup.restore(
        from: URL(fileURLWithPath: file).path, replacing: clean || isUnused,
        closing: DatabaseContents.newEpoch, shouldStop: { signals.received != nil })
    } catch BackupError.stopped {
      throw ExitCode(128 + (signals.received ?? 0))
    }
    // The restored tables have no statistics yet, without which searches would be planned badly.
    try connection.execute("analyze")
    print("restored \(file)")
    let pending = try migrator.status(connection).count { $0.appliedAt == nil }
    if pending > 0 {
      print("it is of an older version; bring it up to date with: ligature db migrate")
    }
  }
}
