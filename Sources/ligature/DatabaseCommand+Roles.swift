import AlignAPI
import ArgumentParser
import Postgres

struct DatabaseRolesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roles", abstract: "Make roles that can only read, or read and write.",
    discussion: """
      Makes two group roles without login, gives them what they need and takes from everyone else
      what they do not: <prefix>_reader searches, <prefix>_writer indexes, promotes and drops as
      well. Run it again after a restore. The user needs CREATEROLE where the roles are missing, and
      must own the tables.

      Example: ligature db roles --database postgresql://owner@db.example/ligature
      """)

  @Option(name: .long, help: "What the roles' names begin with.")
  var prefix = "ligature"

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let roles = try DatabaseRoles(prefix: prefix)
    let outcome = try roles.grant(Connection(database.readySettings()))
    for role in outcome.made { print("made \(role)") }
    for line in outcome.granted { print(line) }
    print(
      """
      Give a login one of them, in psql:
        create role searcher login password '…' in role "\(roles.reader)";
        create role indexer login password '…' in role "\(roles.writer)";
      """)
  }
}
