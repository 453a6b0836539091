import Digest
import Foundation
package import Postgres

/// Where the database is: a server named by its address, or Ligature's own in a folder.
package enum DatabaseLocation: Sendable {
  case server(ConnectionSettings)
  case privateCluster(PrivateCluster)

  /// What was said about the place, before it is resolved.
  package struct Request: Sendable {
    /// The address of a server, from `--database`.
    package var database: String?
    /// The folder of the private server, from `--data-dir`.
    package var folder: String?
    /// The environment, for `LIGATURE_DATABASE` and `LIGATURE_HOME`.
    package var environment: [String: String]
    /// What relative paths start from.
    package var currentFolder: String

    package init(
      database: String?, folder: String?, environment: [String: String], currentFolder: String
    ) {
      self.database = database
      self.folder = folder
      self.environment = environment
      self.currentFolder = currentFolder
    }
  }

  /// Finds the place: flags before environment, a server's address before a folder, and
  /// `.ligature` in the current folder when nothing is said.
  ///
  /// A folder that no flag names and that the server's user cannot reach is replaced by one under
  /// `/var/lib/ligature`, which `note` is told. Throws `PostgresError` for a malformed address and
  /// `ClusterError` for a folder that cannot hold a cluster.
  package static func resolve(_ request: Request, note: (String) -> Void) throws -> Self {
    let environment = request.environment.filter { !$0.value.isEmpty }
    let flags = request.database != nil || request.folder != nil
    if let address = request.database ?? (flags ? nil : environment["LIGATURE_DATABASE"]) {
      return .server(try ConnectionSettings(address))
    }
    let folder = URL(
      fileURLWithPath: request.folder ?? environment["LIGATURE_HOME"] ?? ".ligature",
      relativeTo: URL(fileURLWithPath: request.currentFolder, isDirectory: true)
    ).standardizedFileURL.path
    guard request.folder == nil else { return try cluster(in: folder) }
    let location = try PrivateCluster(folder: folder + "/postgres")
    do throws(ClusterError) {
      try location.checkReach()
      return .privateCluster(location)
    } catch {
      guard case .notTraversable(let parent, let user) = error else { throw error }
      let digest = SHA256Digest.of(utf8: folder).hexadecimal.prefix(12)
      let other = "/var/lib/ligature/\(digest)"
      note("user \(user), which runs PostgreSQL, cannot reach \(parent): using \(other)")
      return try cluster(in: other)
    }
  }

  private static func cluster(in folder: String) throws -> Self {
    .privateCluster(try PrivateCluster(folder: folder + "/postgres"))
  }

  /// How to connect.
  ///
  /// Throws ``DatabaseError/notRunning(folder:)`` when the private server does not
  /// run, and `ClusterError`.
  package func settings() throws -> ConnectionSettings {
    switch self {
    case .server(let settings): return settings
    case .privateCluster(let cluster):
      guard case .running = try cluster.status() else {
        throw DatabaseError.notRunning(folder: cluster.folder)
      }
      return try cluster.settings()
    }
  }

  /// How to connect to a database that is up to date.
  ///
  /// Throws what ``settings()`` throws, `PostgresError` when nobody answers, and
  /// ``DatabaseError/migrationsPending(files:)``.
  package func readySettings(_ migrator: Migrator) throws -> ConnectionSettings {
    let settings = try settings()
    let pending = try migrator.status(Connection(settings)).filter { $0.appliedAt == nil }
    guard pending.isEmpty else {
      let names = migrator.migrations.suffix(pending.count).map(\.fileName)
      throw DatabaseError.migrationsPending(files: names)
    }
    return settings
  }

  /// Makes the parents of the private server's folder, starts the server, and applies pending
  /// migrations; returns those.
  @discardableResult
  package static func start(_ cluster: PrivateCluster, _ migrator: Migrator) throws -> [Migration] {
    let parent = URL(fileURLWithPath: cluster.folder).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try cluster.start()
    return try migrator.migrate(Connection(cluster.settings()))
  }
}
