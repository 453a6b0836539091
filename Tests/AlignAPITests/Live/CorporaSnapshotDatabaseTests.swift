import Alignment
import Digest
import Foundation
import Logging
import ModelTestSupport
import Postgres
import Retrieval
import Tensor
import Testing

@testable import AlignAPI

/// A snapshot is the picture it was made of, or of no use.
struct CorporaSnapshotDatabaseTests {
  let fixture: SearchFixture
  let database: ConnectionSettings
  let folder: String

  init() throws {
    fixture = try SearchFixture.shared()
    database = try fixture.makeDatabase()
    folder = try IndexFixture.makeFolder() + "/snapshot"
  }

  private func loader(_ checksum: SHA256Digest? = nil, dimension: Int = 16) -> CorporaLoader {
    CorporaLoader(
      checksum: checksum ?? fixture.checkpoint.checksum, dimension: dimension,
      modalities: Modality.allCases, policy: IndexPolicy())
  }

  private func keeper(_ loader: CorporaLoader? = nil) -> SnapshotKeeper {
    SnapshotKeeper(
      folder: folder, loader: loader ?? self.loader(), log: Logger(label: "test"))
  }

  /// Writes the database's picture with some items deleted and others added since it was loaded.
  private func write() throws -> LoadedCorpora {
    let connection = try Connection(database)
    let loader = loader()
    let editor = try loader.load(from: connection)
    try fixture.insert([3, 5], into: "bare", hasTexts: true, connection)
    try connection.transaction {
      try connection.execute("delete from items where id in (2, 45)")
      try connection.execute("select record_change(1, null, '{}', '{2}')")
      try connection.execute("select record_change(2, null, '{}', '{45}')")
    }
    let follower = ChangeFollower(
      loader, settings: database, editor: editor, log: Logger(label: "test"))
    try follower.catchUp(connection)
    let keeper = keeper()
    #expect(try keeper.read(connection) == nil)
    keeper.write(follower.current)
    return follower.current
  }

  private func rows(_ loaded: LoadedCorpora) -> [StoredItem] {
    loaded.items.segments.flatMap { segment in
      (0..<segment.count).filter { !segment.isDeleted[$0] }.map { segment.item($0) }
    }.sorted { $0.id < $1.id }
  }

  @Test func pictureIsReadBack() throws {
    let written = try write()
    let read = try #require(try keeper().read(Connection(database))).loaded
    #expect(rows(read) == rows(written))
    #expect(read.itemCount == 60)
    #expect(read.state.versions == written.state.versions)
    #expect(read.corpora.map(\.name) == ["pairs", "bare"])
    #expect(read.items.all == written.items.all)
    for target in SearchTarget.allCases {
      let queries = fixture.texts.gatheringRows([0, 7, 20])
      let demands = (0..<3).map { _ in LoadedCorpora.Demand(count: 70) }
      #expect(
        read.search(target, queries, demands) == written.search(target, queries, demands))
    }
  }

  @Test func anotherModelOrDatabaseHasNoUseForIt() throws {
    _ = try write()
    let connection = try Connection(database)
    #expect(try keeper(loader(SHA256Digest.of(bytes: [1]))).read(connection) == nil)
    #expect(try keeper().read(Connection(fixture.makeDatabase())) == nil)
    try connection.execute("update database_epoch set epoch = gen_random_uuid()")
    #expect(try keeper().read(connection) == nil)
  }

  @Test func databaseThatIsBehindIsRead() throws {
    _ = try write()
    let connection = try Connection(database)
    try connection.execute("update corpora set version = 1")
    #expect(try keeper().read(connection) == nil)
  }

  /// Any changed byte of any file is found out.
  @Test func damageIsFoundInEveryFile() throws {
    _ = try write()
    let connection = try Connection(database)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count == 10)
    for name in names {
      let path = folder + "/" + name
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for place in [0, whole.count / 2, whole.count - 1] {
        var broken = whole
        broken[place] ^= 0x40
        try broken.write(to: URL(fileURLWithPath: path))
        #expect(try keeper().read(connection) == nil, "\(name), byte \(place)")
      }
      try whole.dropLast(3).write(to: URL(fileURLWithPath: path))
      #expect(try keeper().read(connection) == nil, "\(name), cut")
      try whole.write(to: URL(fileURLWithPath: path))
    }
    #expect(try keeper().read(connection) != nil)
  }

  /// Two servers may share a folder, as when one takes another's port.
  @Test func secondWriterLeavesItToTheFirst() throws {
    let loaded = try loader().load(from: Connection(database)).loaded
    let keeper = keeper()
    do {
      let lock = try #require(try FileLock(folder + ".lock"))
      withExtendedLifetime(lock) { keeper.write(loaded) }
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
    keeper.write(loaded)
    #expect(try self.keeper().read(Connection(database)) != nil)
  }

  /// A mixture of two snapshots is refused, also when both are of the same versions.
  @Test(arguments: [true, false]) func indexOfAnotherSnapshotIsRefused(hasChanged: Bool) throws {
    let connection = try Connection(database)
    keeper().write(try loader().load(from: connection).loaded)
    let path = folder + "/corpus-2-molecules"
    let old = try Data(contentsOf: URL(fileURLWithPath: path))
    if hasChanged { try fixture.insert([3], into: "bare", hasTexts: false, connection) }
    keeper().write(try loader().load(from: connection).loaded)
    #expect(try keeper().read(connection) != nil)
    try old.write(to: URL(fileURLWithPath: path))
    #expect(try keeper().read(connection) == nil)
    #expect {
      try CorporaSnapshot(folder: folder).read(
        checksum: fixture.checkpoint.checksum, epoch: connection.databaseEpoch(), dimension: 16,
        policy: IndexPolicy())
    } throws: { error in
      (error as? SnapshotDamage)?.part.hasPrefix("header of corpus-2-molecules: found ") == true
    }
  }

  @Test func readerNeverWrites() throws {
    func open() throws -> SearchEngine {
      try SearchEngine(
        checkpoint: fixture.checkpoint, database: database, modalities: [.molecule],
        snapshot: folder, writesSnapshot: false)
    }
    var engine = try open()
    engine.follower.stop()
    #expect(!FileManager.default.fileExists(atPath: folder))
    _ = try write()
    let manifest = FileManager.default.contents(atPath: folder + "/manifest.json")
    try fixture.insert([7], into: "bare", hasTexts: false, Connection(database))
    engine = try open()
    engine.follower.stop()
    // Its texts are those of the snapshot: the engine itself reads molecules alone.
    #expect(engine.corpora.itemCount == 61 && engine.corpora.count(.texts) > 0)
    #expect(FileManager.default.contents(atPath: folder + "/manifest.json") == manifest)
  }

  @Test func engineStartsFromItAndCatchesUp() async throws {
    _ = try write()
    let connection = try Connection(database)
    let added = try fixture.insert([7], into: "bare", hasTexts: false, connection)
    let engine = try SearchEngine(
      checkpoint: fixture.checkpoint, database: database, snapshot: folder)
    #expect(engine.corpora.itemCount == 61)
    let found = try await engine.search(
      SearchRequest(
        SearchQuery(vector: Array(fixture.molecules.row(7)), dimension: 16), count: 2))
    #expect(found.results.map(\.id).contains(added[0]))
  }
}
