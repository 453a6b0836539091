import ArgumentParser
import Foundation
import Postgres

/// Where the database is.
struct DatabaseOptions: ParsableArguments {
  @Option(name: .long, help: "The database's address: postgresql://…")
  var database: String?

  @Option(name: .long, help: "The folder of the private server.")
  var dataDir: String?

  /// How to connect.
  func readySettings() throws -> ConnectionSettings {
    let environment = ProcessInfo.processInfo.environment
    if let address = database ?? environment["LIGATURE_DATABASE"] {
      return try ConnectionSettings(address)
    }
    let folder = URL(fileURLWithPath: dataDir ?? environment["LIGATURE_HOME"] ?? ".ligature")
    return try PrivateCluster(folder: folder.appendingPathComponent("postgres").path).settings()
  }
}
