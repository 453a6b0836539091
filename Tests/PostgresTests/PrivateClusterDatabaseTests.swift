import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct PrivateClusterDatabaseTests {
  /// Runs `body` with a folder for a cluster; whatever happens, nothing runs or remains after it.
  private func withCluster(
    _ suffix: String = "", _ body: @Sendable (PrivateCluster) throws -> Void
  ) async throws {
    let base = "/tmp/ligature-cluster-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
    let cluster = try PrivateCluster(folder: base + suffix, durability: .disposable)
    try ClusterWatcher.watch(cluster, removing: base)
    try await blocking {
      defer {
        try? cluster.stop()
        try? FileManager.default.removeItem(atPath: base)
      }
      try body(cluster)
    }
  }

  private func processID(_ cluster: PrivateCluster) throws -> Int32? {
    if case .running(let processID) = try cluster.status() { processID } else { nil }
  }

  @Test func startsAndStopsTwiceAndKeepsItsData() async throws {
    try await withCluster("/db") { cluster in
      #expect(try cluster.status() == .absent)
      try cluster.start()
      let first = try processID(cluster)
      #expect(first ?? 0 > 1)
      try cluster.start()
      #expect(try processID(cluster) == first)
      try Connection(cluster.settings()).execute(
        unsafeScript: "create table t (n integer); insert into t values (4)")
      try cluster.stop()
      #expect(try cluster.status() == .stopped)
      try cluster.stop()
      #expect(throws: PostgresError.self) { try Connection(cluster.settings()) }

      try cluster.start()
      let connection = try Connection(cluster.settings())
      #expect(try connection.query("select n from t").single().value("n") == 4)
      let network: String = try connection.query(
        "select current_setting('listen_addresses')"
      ).single().value(at: 0)
      #expect(network == "")
    }
  }

  @Test func onlyItsUserMayEnterTheFolder() async throws {
    try await withCluster("/db") { cluster in
      try cluster.start()
      let mode = try FileManager.default.attributesOfItem(atPath: cluster.folder)[.posixPermissions]
      #expect(mode as? Int == 0o700)
      let wrongUser = ConnectionSettings(parameters: [
        "host": cluster.socketFolder, "port": "6001", "user": "somebody", "dbname": "ligature",
      ])
      let error = #expect(throws: PostgresError.self) { try Connection(wrongUser) }
      #expect(error?.kind == .connectFailed)
      #expect(error?.message.contains("Peer authentication failed") == true)
    }
  }

  @Test func aLongPathHasItsSocketElsewhere() async throws {
    try await withCluster("/" + String(repeating: "d", count: 90)) { cluster in
      #expect(cluster.socketFolder.hasPrefix("/tmp/ligature-"))
      try cluster.start()
      #expect(try Connection(cluster.settings()).query("select 1").count == 1)
      try cluster.stop()
      #expect(!FileManager.default.fileExists(atPath: cluster.socketFolder))
    }
  }

  @Test func aFolderWithOtherContentsIsRefused() async throws {
    try await withCluster { cluster in
      try Data().write(to: URL(filePath: cluster.folder + "/letter.txt"))
      #expect(throws: ClusterError.foreignFolder(path: cluster.folder)) { try cluster.start() }
    }
  }

  @Test func aServerThatCannotStartShowsItsLog() async throws {
    try await withCluster("/db") { cluster in
      try cluster.start()
      try cluster.stop()
      let file = cluster.folder + "/data/postgresql.conf"
      try Data("include 'ligature.conf'\nshared_buffers = nonsense\n".utf8)
        .write(to: URL(filePath: file))
      let error = #expect(throws: ClusterError.self) { try cluster.start() }
      #expect(error?.description.contains("server log:") == true)
      #expect(error?.description.contains("shared_buffers") == true)
    }
  }

  @Test func aStartThatWasInterruptedBeforeTheDatabaseIsCompleted() async throws {
    try await withCluster("/db") { cluster in
      try cluster.start()
      let first = try processID(cluster)
      try Connection(cluster.settings().with(database: "postgres"))
        .execute("drop database \(identifier: PrivateCluster.databaseName)")
      try cluster.start()
      #expect(try processID(cluster) == first)
      #expect(try Connection(cluster.settings()).query("select 1").count == 1)
    }
  }

  @Test func linksInItsFolderAreNotFollowed() async throws {
    try await withCluster("/db") { cluster in
      try cluster.start()
      try cluster.stop()
      let target = cluster.folder + "/../target"
      try Data("untouched".utf8).write(to: URL(filePath: target))
      let link = cluster.folder + "/data/ligature.conf.new"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      try cluster.start()
      #expect(FileManager.default.contents(atPath: target) == Data("untouched".utf8))
      try cluster.stop()

      let data = cluster.folder + "/data"
      try FileManager.default.moveItem(atPath: data, toPath: cluster.folder + "/moved")
      try FileManager.default.createSymbolicLink(
        atPath: data, withDestinationPath: cluster.folder + "/moved")
      let refusal = ClusterError.unusablePath(path: data, reason: "it is not a folder")
      #expect(throws: refusal) { try cluster.start() }
    }
  }

  @Test func manyMayAskForTheStatusAtOnce() async throws {
    try await withCluster("/db") { cluster in
      try cluster.start()
      let expected = try cluster.status()
      let found = Mutex<[PrivateCluster.Status?]>([])
      DispatchQueue.concurrentPerform(iterations: 16) { _ in
        let status = try? cluster.status()
        found.withLock { $0.append(status) }
      }
      #expect(found.withLock { $0 } == Array(repeating: expected, count: 16))
      let names = try FileManager.default.contentsOfDirectory(atPath: cluster.folder).sorted()
      #expect(names == ["data", "server.log", "socket"])
    }
  }

  @Test(arguments: ["relative/db", "/tmp/../db", "/tmp/a'b", "/tmp/$HOME", "/tmp/a,b", "/"])
  func unusablePathsAreRefused(path: String) {
    #expect(throws: ClusterError.self) { try PrivateCluster(folder: path) }
  }
}
