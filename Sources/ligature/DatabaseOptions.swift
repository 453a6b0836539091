import AlignAPI
import ArgumentParser
import Foundation
import Postgres

/// Which database: the flags that every command on the database shares.
struct DatabaseOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A PostgreSQL server's address, or LIGATURE_DATABASE; without it, Ligature's own server.",
      valueName: "postgresql://…"))
  var database: String?

  @Option(
    name: .long,
    help: "The folder of Ligature's own server, or LIGATURE_HOME (default: .ligature).")
  var dataDir: String?

  @Option(name: .long, help: "The folder of migrations, when not the one beside the program.")
  var migrations: String?

  func validate() throws {
    if database != nil && dataDir != nil {
      throw ValidationError("--database and --data-dir exclude one another")
    }
  }

  /// The same flags for another process of this program.
  var arguments: [String] {
    [("--database", database), ("--data-dir", dataDir), ("--migrations", migrations)].flatMap {
      name, value in value.map { [name, $0] } ?? []
    }
  }

  /// The folder of what Ligature keeps beside the database.
  var homeFolder: String {
    dataDir ?? ProcessInfo.processInfo.environment["LIGATURE_HOME"].flatMap {
      $0.isEmpty ? nil : $0
    }
      ?? ".ligature"
  }

  /// The place that flags and environment name.
  func location() throws -> DatabaseLocation {
    try DatabaseLocation.resolve(
      DatabaseLocation.Request(
        database: database, folder: dataDir, environment: ProcessInfo.processInfo.environment,
        currentFolder: FileManager.default.currentDirectoryPath),
      note: { FileHandle.standardError.write(Data(($0 + "\n").utf8)) })
  }

  func migrator() throws -> Migrator {
    try MigrationsFolder.migrator(
      folder: migrations, executable: MigrationsFolder.runningExecutable)
  }

  /// How to connect to a database that runs and is up to date.
  func readySettings() throws -> ConnectionSettings {
    try namingFlags { try location().readySettings(migrator()) }
  }

  /// How to connect to a database that runs.
  func settings() throws -> ConnectionSettings {
    try namingFlags { try location().settings() }
  }

  /// Lets errors that advise a `ligature db` command advise it for the same place.
  ///
  /// An address may hold a password, so it is not repeated.
  private func namingFlags<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      var flags: [String] = []
      if let dataDir { flags += ["--data-dir", Self.quoted(dataDir)] }
      if database != nil { flags += ["--database", "…"] }
      throw error.naming(flags: flags)
    }
  }

  /// A word as a shell reads it.
  private static func quoted(_ word: String) -> String {
    if word.wholeMatch(of: #/[A-Za-z0-9_./~+-]+/#) != nil { return word }
    return "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}
