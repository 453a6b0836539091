import AlignAPI
import Alignment
import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct IndexRefusalDatabaseTests {
  @Test func corpusThatIsBeingIndexedIsRefused() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC", "b\tCCC"])
    var inner: IndexError?
    let outcome = try fixture.indexer(chunkRows: 1).index(
      fixture.request(path),
      report: { _ in
        inner = #expect(throws: IndexError.self) { try fixture.index(path) }
      })
    #expect(inner == .corpusIsBusy(name: "test"))
    #expect(outcome.end == .finished && outcome.items == 2)
  }

  @Test func fileThatChangesMeanwhileIsNotCalledDone() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC", "b\tCCC"])
    let error = #expect(throws: IndexError.self) {
      try fixture.indexer(chunkRows: 1).index(
        fixture.request(path),
        report: { _ in _ = try? fixture.file(["id\tsmiles", "a\tCCCl", "b\tCCC"]) })
    }
    #expect(error == .sourceChanged(path: path))
    #expect(try fixture.index(path).end == .finished)
    #expect(try fixture.rows("select smiles from items order by source_id") == ["CCCl", "CCC"])
  }

  @Test func folderIsNoCorpus() throws {
    let fixture = try IndexFixture()
    #expect(throws: (any Error).self) { try fixture.index(fixture.folder) }
    let error = #expect(throws: IndexError.self) { try fixture.index("/dev/null") }
    #expect(error == .notAFile(path: "/dev/null"))
  }

  @Test func fileWithoutAnIDColumnLeavesNoCorpusBehind() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["a\tb", "1\t2"])
    let error = #expect(throws: (any Error).self) { try fixture.index(path) }
    #expect(error.map { "\($0)" }?.contains("expected a column named id") == true)
    #expect(try fixture.rows("select name from corpora").isEmpty)
  }

  @Test func fileOfAHeaderAloneIsDoneAtOnce() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\ttext"])
    #expect(try fixture.index(path).end == .finished)
    #expect(try fixture.index(path).end == .alreadyIndexed)
  }

  @Test func unknownDatabaseIsNamed() throws {
    let settings = try TemporaryCluster.shared().makeDatabase().with(database: "nowhere")
    let location = DatabaseLocation.server(settings)
    let error = #expect(throws: PostgresError.self) {
      try location.readySettings(IndexFixture.migrator())
    }
    #expect(error?.kind == .connectFailed)
    #expect(error?.message.contains(#"database "nowhere" does not exist"#) == true)
  }

  @Test func pendingMigrationsAreNamed() throws {
    let location = DatabaseLocation.server(try TemporaryCluster.shared().makeDatabase())
    let migrator = try IndexFixture.migrator()
    let error = #expect(throws: DatabaseError.self) { try location.readySettings(migrator) }
    #expect(error == .migrationsPending(files: migrator.migrations.map(\.fileName)))
    #expect(error?.description.contains("ligature db migrate") == true)
    try migrator.migrate(Connection(location.settings()))
    #expect(throws: Never.self) { try location.readySettings(migrator) }
  }

  @Test func damagedModelIsRefused() throws {
    let folder = try IndexFixture.makeFolder() + "/copy"
    try FileManager.default.copyItem(atPath: IndexFixture.model().folder, toPath: folder)
    let weights = URL(fileURLWithPath: folder + "/weights.safetensors")
    var data = try Data(contentsOf: weights)
    data[data.count - 1] ^= 1
    try data.write(to: weights)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: folder) }
    #expect(error?.description.contains("weights.safetensors: corrupt") == true)
  }
}
