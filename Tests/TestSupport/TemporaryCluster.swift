import Glibc
package import Postgres
import Synchronization

/// A PostgreSQL server for one test process, started when a test first asks for it.
///
/// A ``ClusterWatcher`` ends it with the process, however that ends.
package final class TemporaryCluster: Sendable {
  /// How to connect to the database that all tests share; they leave nothing in it.
  package let settings: ConnectionSettings
  /// The folder of its programs; nil for Debian's.
  package let programs: String?
  private let databases = Atomic<Int>(0)

  /// The process's server.
  ///
  /// Throws when PostgreSQL is missing or does not start; tests then fail.
  package static func shared() throws -> TemporaryCluster {
    try sharedResult.get()
  }

  private static let sharedResult = Result {
    let folder = "/tmp/ligature-test-\(getpid())"
    return try TemporaryCluster(
      PrivateCluster(folder: folder, durability: .disposable), removing: folder)
  }

  /// The process's server that has the extension pgvector, which Debian's has not.
  ///
  /// Throws when 'scripts/vector-server' has not brought it, or it does not start; tests then fail.
  package static func withVectors() throws -> TemporaryCluster { try vectorResult.get() }

  private static let vectorResult = Result {
    let folder = "/tmp/ligature-vectors-\(getpid())"
    let programs = try VectorServer.copy(to: folder)
    return try TemporaryCluster(
      PrivateCluster(folder: folder + "/db", durability: .disposable, programs: programs),
      removing: folder, programs: programs)
  }

  private init(
    _ cluster: PrivateCluster, removing folder: String, programs: String? = nil
  ) throws {
    try ClusterWatcher.watch(cluster, removing: folder)
    try cluster.start()
    settings = try cluster.settings()
    self.programs = programs
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
