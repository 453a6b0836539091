package import Foundation
package import Postgres

/// A server of one test with settings and rules of its own, reached by TCP as well.
///
/// Whatever happens, nothing runs or remains after its owner or the process has ended.
package final class ConfiguredServer: Sendable {
  /// The cluster behind it; its own settings connect as the superuser by the socket.
  package let cluster: PrivateCluster
  /// The TCP port on 127.0.0.1.
  package let port: Int
  /// The folder of the cluster and of files for it.
  package let folder: String

  /// Starts a server whose `postgresql.conf` has these lines and whose `pg_hba.conf` admits by
  /// these rules, after the superuser by the socket.
  ///
  /// `files` are written into the data folder before, readable for the server alone.
  package init(
    settings: [String] = [], rules: [String] = [], files: [String: Data] = [:]
  ) throws {
    folder = "/tmp/ligature-server-\(UUID().uuidString)"
    port = try LoopbackSocket.freePort()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    cluster = try PrivateCluster(folder: folder + "/db", port: port, durability: .disposable)
    try ClusterWatcher.watch(cluster, removing: folder)
    try cluster.start()
    try cluster.stop()
    let data = cluster.folder + "/data"
    let owner = try FileManager.default.attributesOfItem(atPath: data)
    for (name, contents) in files {
      let path = data + "/" + name
      try contents.write(to: URL(filePath: path))
      try FileManager.default.setAttributes(
        [
          .posixPermissions: 0o600, .ownerAccountID: owner[.ownerAccountID] ?? 0,
          .groupOwnerAccountID: owner[.groupOwnerAccountID] ?? 0,
        ], ofItemAtPath: path)
    }
    try Self.append(["listen_addresses = '127.0.0.1'"] + settings, to: data + "/postgresql.conf")
    try Self.append(rules, to: data + "/pg_hba.conf")
    try cluster.start()
  }

  deinit {
    try? cluster.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// How to connect by TCP.
  package func settings(_ parameters: [String: String]) -> ConnectionSettings {
    ConnectionSettings(
      parameters: ["host": "127.0.0.1", "port": "\(port)", "dbname": "ligature"].merging(
        parameters
      ) { $1 })
  }

  /// Runs statements as the superuser.
  package func administer(_ script: String) throws {
    try Connection(cluster.settings()).execute(unsafeScript: script)
  }

  private static func append(_ lines: [String], to path: String) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    try file.close()
  }
}
