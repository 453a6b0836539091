import AlignAPI
import ArgumentParser
import Postgres

struct DatabaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db",
    abstract: "Start, stop and look after the database.",
    discussion: """
      Ligature keeps a PostgreSQL server of its own in .ligature/postgres, reached through a socket
      that only you can open. --database postgresql://… uses another server instead; of these
      commands, all but start and stop work there too.

      Examples:
        ligature db start
        ligature db status --database postgresql://ligature@db.example/ligature
      """,
    subcommands: [
      DatabaseStartCommand.self, DatabaseStopCommand.self, DatabaseStatusCommand.self,
      DatabaseMigrateCommand.self, DatabaseBackupCommand.self, DatabaseRestoreCommand.self,
      DatabaseCheckCommand.self, DatabaseRolesCommand.self, DatabaseVectorsCommand.self,
    ])

  /// The private server; throws when another one is named.
  static func cluster(_ options: DatabaseOptions, for command: String) throws -> PrivateCluster {
    guard case .privateCluster(let cluster) = try options.location() else {
      throw DatabaseError.notPrivate(command: command)
    }
    return cluster
  }

  static func printApplied(_ applied: [Migration]) {
    for migration in applied { print("applied \(migration.fileName)") }
    if applied.isEmpty { print("the database is up to date") }
  }
}

struct DatabaseStartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start Ligature's own server, made at the first time, and bring it up to date.",
    discussion: "Example: ligature db start --data-dir /srv/ligature")

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let cluster = try DatabaseCommand.cluster(database, for: "ligature db start")
    let applied = try DatabaseLocation.start(cluster, database.migrator())
    print("PostgreSQL runs in \(cluster.folder)")
    DatabaseCommand.printApplied(applied)
  }
}

struct DatabaseStopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop Ligature's own server. What is stored stays.",
    discussion: "Example: ligature db stop")

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let cluster = try DatabaseCommand.cluster(database, for: "ligature db stop")
    guard case .running = try cluster.status() else {
      print("no database runs in \(cluster.folder)")
      return
    }
    try cluster.stop()
    print("stopped the database in \(cluster.folder)")
  }
}

struct DatabaseMigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Bring a running database up to date.",
    discussion: "Example: ligature db migrate --database postgresql://ligature@db.example/ligature")

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let settings = try database.settings()
    DatabaseCommand.printApplied(try database.migrator().migrate(Connection(settings)))
  }
}
