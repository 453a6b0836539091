import Testing

@testable import Postgres

@Suite struct ServerProgramsTests {
  private let versions = [
    ServerPrograms(folder: "/a/17/bin", version: 17),
    ServerPrograms(folder: "/a/15/bin", version: 15),
  ]

  @Test func missingProgramsListWhereTheyWereSought() {
    let expected = ClusterError.programsNotFound(searched: ["/absent/*/bin", "/nowhere"])
    #expect(throws: expected) {
      try ServerPrograms.find(debianRoot: "/absent", searchPath: "/nowhere")
    }
  }

  @Test func theNewestMakesNewData() throws {
    #expect(try ServerPrograms.choose(from: versions, dataVersion: nil).version == 17)
  }

  @Test func oldDataKeepsItsVersion() throws {
    #expect(try ServerPrograms.choose(from: versions, dataVersion: 15).version == 15)
    #expect(throws: ClusterError.versionMismatch(data: 16, programs: [17, 15])) {
      try ServerPrograms.choose(from: versions, dataVersion: 16)
    }
  }

  @Test func missingClientProgramsNameTheirPackage() throws {
    let error = #expect(throws: BackupError.self) {
      try ServerPrograms.findClients(version: 15, debianRoot: "/absent", searchPath: "/nowhere")
    }
    #expect(
      error == .programsNotFound(version: 15, searched: ["/absent/15/bin", "/nowhere"]))
    #expect(error?.description.contains("postgresql-client-15") == true)
  }

  /// An older `pg_dump` refuses the server, a newer one writes what the server cannot read.
  @Test func clientProgramsAreOfTheServersVersion() throws {
    let installed = try ServerPrograms.find().compactMap(\.version)
    for version in installed {
      #expect(try ServerPrograms.findClients(version: version).version == version)
    }
  }
}
