import AlignAPI
import Alignment
import Digest
import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct IndexRefusalDatabaseTests {
  @Test func corpusThatIsBeingIndexedIsRefused() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC", "b\tCCC"])
    var inner: IndexError?
    var other = try fixture.indexer()
    other.patience = .milliseconds(60)
    let outcome = try fixture.indexer(chunkRows: 1).index(
      fixture.request(path),
      report: { _ in
        inner = #expect(throws: IndexError.self) { try other.index(fixture.request(path)) }
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

  @Test func modelWithoutFiniteVectorsStoresNothing() throws {
    let fixture = try IndexFixture()
    let folder = fixture.folder + "/broken"
    try FileManager.default.copyItem(atPath: IndexFixture.model().folder, toPath: folder)
    // A checkpoint whose checksums are right and whose last weights are NaN.
    let path = folder + "/weights.safetensors"
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let old = "\(try SHA256Digest.ofFile(at: path))"
    data.replaceSubrange(data.count - 64..<data.count, with: Data(repeating: 0xff, count: 64))
    try data.write(to: URL(fileURLWithPath: path))
    let new = "\(try SHA256Digest.ofFile(at: path))"
    let config = try String(contentsOfFile: folder + "/config.json", encoding: .utf8)
    try config.replacing(old, with: new).write(
      toFile: folder + "/config.json", atomically: true, encoding: .utf8)

    let indexer = Indexer(
      checkpoint: try Checkpoint(contentsOf: folder), modelFolder: folder,
      settings: fixture.settings)
    let corpus = try fixture.file(["id\ttext", "a\tone", "b\ttwo"])
    let error = #expect(throws: IndexError.self) { try indexer.index(fixture.request(corpus)) }
    #expect(error == .vectorNotFinite(path: corpus, line: 2))
    #expect(try fixture.rows("select source_id from items").isEmpty)
  }
}
