import Foundation
import Glibc
import Postgres
import TestSupport
import Testing

/// `ligature db` of the built program, in a folder of its own.
@Suite struct DatabaseCommandTests {
  /// Runs `ligature db` for one folder and looks at what it leaves.
  private struct Session: Sendable {
    let dataFolder: String
    let migrations: String
    var program = ProgramRun.program
    var launcher: [String] = []

    func run(_ command: String) throws -> (status: Int32, output: String) {
      let files = command == "stop" ? [] : ["--migrations", migrations]
      let run = try ProgramRun(
        ["db", command, "--data-dir", dataFolder] + files, program: program, launcher: launcher)
      let status = run.wait()
      return (status, String(decoding: try run.printed(), as: UTF8.self))
    }

    /// Starts and stops twice, with every question in between.
    func liveThrough() throws {
      #expect(try run("status").status == 3)
      #expect(try run("stop").status == 0)
      #expect(try run("migrate").status == 1)

      let started = try run("start")
      #expect(started.status == 0)
      #expect(started.output.contains("applied 0001"))
      let running = try run("status")
      #expect(running.status == 0)
      #expect(running.output.contains("yes, process"))
      #expect(running.output.contains("0 pending"))
      let again = try run("start")
      #expect(again.status == 0)
      #expect(again.output.contains("up to date"))
      #expect(try run("status").output == running.output)
      #expect(try run("migrate").status == 0)

      #expect(try run("stop").status == 0)
      #expect(try run("stop").status == 0)
      #expect(try run("status").status == 3)
      #expect(processes() == [])
    }

    /// The command lines of processes that name the folder.
    private func processes() -> [String] {
      let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return folders.filter { Int($0) != nil }.compactMap { number in
        FileManager.default.contents(atPath: "/proc/\(number)/cmdline")
          .map { String(decoding: $0, as: UTF8.self) }
      }.filter { $0.contains(dataFolder) && !$0.contains("rm -rf") }
    }
  }

  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
    // Whoever runs the server has to pass through.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path)
  }

  private func makeSession() throws -> (Session, PrivateCluster) {
    let folder = scratch.path + "/home"
    let cluster = try PrivateCluster(folder: folder + "/postgres")
    try ClusterWatcher.watch(cluster, removing: scratch.path)
    return (Session(dataFolder: folder, migrations: ProjectFolder.path + "/migrations"), cluster)
  }

  @Test func startsAndStopsForItsUser() async throws {
    let (session, _) = try makeSession()
    try await blocking {
      defer { _ = try? session.run("stop") }
      try session.liveThrough()
    }
  }

  /// As a normal user the test above is this one.
  @Test(.enabled(if: geteuid() == 0)) func startsAndStopsForAnotherUser() async throws {
    let nobody: uid_t = 65534
    let home = scratch.path + "/nobody"
    let program = URL(fileURLWithPath: scratch.path + "/ligature")
    let migrations = scratch.path + "/migrations"
    let files = FileManager.default
    try files.copyItem(at: ProgramRun.program, to: program)
    try files.copyItem(atPath: ProjectFolder.path + "/migrations", toPath: migrations)
    try files.createDirectory(atPath: home, withIntermediateDirectories: false)
    try #require(unsafe chown(home, nobody, nobody) == 0)
    let session = Session(
      dataFolder: home + "/data", migrations: migrations, program: program,
      launcher: ["setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups", "--"])
    try await blocking {
      defer { _ = try? session.run("stop") }
      try session.liveThrough()
    }
    let owner = try files.attributesOfItem(atPath: home + "/data/postgres/data")
    #expect(owner[.ownerAccountID] as? Int == Int(nobody))
  }

  @Test func aNewerDatabaseIsDescribedBeforeItIsRefused() async throws {
    let (session, cluster) = try makeSession()
    try await blocking {
      defer { _ = try? session.run("stop") }
      try #require(try session.run("start").status == 0)
      try Connection(cluster.settings()).execute(
        unsafeScript: """
          insert into schema_migrations (version, name, checksum) values (999, 'later', '');
          """)
      let (status, output) = try session.run("status")
      #expect(status == 1)
      #expect(output.contains("yes, process"))
      #expect(output.contains("PostgreSQL"))
      #expect(!output.contains("migrations"))
    }
  }
}
