import AlignAPI
import Alignment
import Digest
import Foundation
import ModelTestSupport
import Postgres
import TestSupport
import Testing

@Suite struct IndexRefusalDatabaseTests {
  @Test func fileThatIsBeingReadIsRefused() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC", "b\tCCC"])
    var inner: IndexError?
    var other = try fixture.indexer()
    other.patience = .milliseconds(60)
    let outcome = try fixture.indexer(chunkRows: 1).index(
      fixture.request(path),
      report: { event in
        guard case .opened = event else { return }
        inner = #expect(throws: IndexError.self) { try other.index(fixture.request(path)) }
      })
    #expect(inner == .jobIsBusy(id: 1))
    #expect(outcome.end == .finished && outcome.rows == 2)
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
    #expect(
      try fixture.rows(
        "select smiles from items join item_sources on item_id = id order by source_id") == [
          "CCCl", "CCC",
        ])
  }

  @Test func restoredFileIsIndexedFromItsBeginning() throws {
    let fixture = try IndexFixture()
    // Longer than a block of reading, so that the last rows are read after the change.
    let filler = (0..<60).map { "f\($0)\tC\t" + String(repeating: "x", count: 40_000) }
    let path = try fixture.file(["id\tsmiles\tnote"] + filler + ["a\tCC\t", "b\tCCC\t"])
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    let end = try handle.seekToEnd() - 13
    let item: SQLStatement = """
      select source_id, smiles from items join item_sources on item_id = id
      where source_id < 'c' order by 1
      """
    var isChanged = false
    let error = #expect(throws: IndexError.self) {
      try fixture.indexer(chunkRows: 10).index(
        fixture.request(path),
        report: { _ in
          if isChanged { return }
          isChanged = true
          // In place and of the same length, with the two ids the other way round.
          try? handle.seek(toOffset: end)
          try? handle.write(contentsOf: Data("b\tCC\t\na\tCCC\t\n".utf8))
        })
    }
    #expect(error == .sourceChanged(path: path))
    #expect(
      try fixture.rows("select lines_read::text, rows_indexed::text from index_jobs") == ["0|0"])

    try handle.seek(toOffset: end)
    try handle.write(contentsOf: Data("a\tCC\t\nb\tCCC\t\n".utf8))
    try handle.close()
    let outcome = try fixture.index(path, chunkRows: 10)
    #expect(outcome.end == .finished && outcome.rows == 62 && outcome.rejected == 0)
    #expect(try fixture.rows(item) == ["a|CC", "b|CCC"])
  }

  @Test func touchedFileIsDoneAllTheSame() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC", "b\tCCC"])
    let outcome = try fixture.indexer(chunkRows: 1).index(
      fixture.request(path),
      report: { _ in
        try? FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: path)
      })
    #expect(outcome.end == .finished && outcome.rows == 2)
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
    #expect(try fixture.rows("select source_id from item_sources").isEmpty)
  }
}
