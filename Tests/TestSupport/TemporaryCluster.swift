import Glibc
package import Postgres
import Synchronization

/// A PostgreSQL server for one test process, started when a test first asks for it.
///
/// A ``ClusterWatcher`` ends it with the process, however that ends.
package final class TemporaryCluster: Sendable {
  /// How to connect to the database that all tests share; they leave nothing in it.
  package let settings: ConnectionSettings
  private let databases = Atomic<Int>(0)

  /// The process's server.
  ///
  /// Throws when PostgreSQL is missing or does not start; tests then fail.
  package static func shared() throws -> TemporaryCluster {
    try sharedResult.get()
  }

  private static let sharedResult = Result { try TemporaryCluster() }

  private init() throws {
    let folder = "/tmp/ligature-test-\(getpid())"
    let cluster = try PrivateCluster(folder: folder, durability: .disposable)
    try ClusterWatcher.watch(cluster, removing: folder)
    try cluster.start()
    settings = try cluster.settings()
  }

  /// Makes an empty database for one test and returns how to connect to it.
  package func makeDatabase() throws -> ConnectionSettings {
    try makeDatabase(like: settings.with(database: "template1"))
  }

  /// Makes a copy of a database that nobody is connected to.
  package func makeDatabase(like template: ConnectionSettings) throws -> ConnectionSettings {
    let number = databases.add(1, ordering: .relaxed).newValue
    let name = "test_\(number)"
    try Connection(settings).execute(
      "create database \(identifier: name) template \(identifier: template.database ?? "template1")"
    )
    return settings.with(database: name)
  }
}
