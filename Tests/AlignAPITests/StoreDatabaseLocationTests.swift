import AlignAPI
import Foundation
import Glibc
import ModelTestSupport
import Postgres
import Testing

@Suite struct StoreDatabaseLocationTests {
  private func resolve(
    database: String? = nil, folder: String? = nil, environment: [String: String] = [:],
    currentFolder: String = "/tmp", note: (String) -> Void = { _ in }
  ) throws -> String {
    let location = try DatabaseLocation.resolve(
      DatabaseLocation.Request(
        database: database, folder: folder, environment: environment,
        currentFolder: currentFolder), note: note)
    switch location {
    case .server(let settings): return settings.description
    case .privateCluster(let cluster): return cluster.folder
    }
  }

  @Test func flagsComeBeforeTheEnvironment() throws {
    let environment = ["LIGATURE_DATABASE": "host=env", "LIGATURE_HOME": "/env"]
    #expect(try resolve() == "/tmp/.ligature/postgres")
    #expect(try resolve(environment: environment) == "host=env")
    #expect(try resolve(folder: "mine", environment: environment) == "/tmp/mine/postgres")
    #expect(try resolve(database: "host=flag", environment: environment) == "host=flag")
    #expect(try resolve(environment: ["LIGATURE_HOME": "/env"]) == "/env/postgres")
    #expect(
      try resolve(environment: ["LIGATURE_DATABASE": "", "LIGATURE_HOME": ""])
        == "/tmp/.ligature/postgres")
  }

  @Test func malformedAddressIsRefused() {
    let error = #expect(throws: PostgresError.self) { try resolve(database: "postgresql://[") }
    #expect(error?.kind == .invalidSettings)
  }

  @Test(.enabled(if: geteuid() == 0, "only root runs the server as another user"))
  func unreachableDefaultFolderIsReplaced() throws {
    let folder = try IndexFixture.makeFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
    var notes: [String] = []
    let found = try resolve(currentFolder: folder, note: { notes.append($0) })
    #expect(found.wholeMatch(of: #//var/lib/ligature/[0-9a-f]{12}/postgres/#) != nil)
    #expect(notes.count == 1 && notes[0].contains(folder) && notes[0].contains("postgres"))
    #expect(try resolve(folder: folder, currentFolder: folder) == folder + "/postgres")
  }

  @Test func clusterThatDoesNotRunIsNamed() throws {
    let folder = try IndexFixture.makeFolder()
    let location = DatabaseLocation.privateCluster(try PrivateCluster(folder: folder + "/postgres"))
    let error = #expect(throws: DatabaseError.self) { try location.settings() }
    #expect(error == .notRunning(folder: folder + "/postgres"))
    #expect(error?.description.hasSuffix("ligature db start") == true)
    let named = error?.naming(flags: ["--data-dir", folder])
    #expect(named?.description.hasSuffix("ligature db start --data-dir \(folder)") == true)
  }

  @Test func migrationsAreFoundAboveTheProgram() throws {
    let program = TinyModel.root + "/.build/debug/ligature"
    let found = try MigrationsFolder.migrator(folder: nil, executable: program)
    #expect(found.migrations == (try IndexFixture.migrator().migrations))
    let error = #expect(throws: DatabaseError.self) {
      try MigrationsFolder.migrator(folder: nil, executable: "/nowhere/bin/ligature")
    }
    #expect(
      error
        == .migrationsNotFound(searched: [
          "/nowhere/bin/migrations", "/nowhere/bin/share/ligature/migrations",
          "/nowhere/migrations", "/nowhere/share/ligature/migrations", "/migrations",
          "/share/ligature/migrations",
        ]))
  }
}
