import Alignment
import Digest
import Foundation
import Logging
import ModelTestSupport
import Postgres
import Retrieval
import Tensor
import TestSupport
import Testing

@testable import AlignAPI

/// A follower sees what the database has, soon and whatever happens to its connection.
struct ChangeFollowerDatabaseTests {
  let fixture: SearchFixture
  let database: ConnectionSettings
  let connection: Connection

  init() throws {
    fixture = try SearchFixture.shared()
    database = try TemporaryCluster.shared().makeDatabase()
    connection = try Connection(database)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(connection)
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values ('tiny', \(fixture.checkpoint.checksum.hexadecimal), 16::integer, '{}')
      """)
    try connection.execute("select add_embedding_partitions(id) from models")
    try connection.execute("insert into corpora (name) values ('a')")
  }

  private func follower() throws -> ChangeFollower {
    let loader = CorporaLoader(
      checksum: fixture.checkpoint.checksum, dimension: 16, modalities: Modality.allCases,
      policy: IndexPolicy())
    let follower = ChangeFollower(
      loader, settings: database, editor: try loader.load(from: Connection(database)),
      log: Logger(label: "test"))
    follower.follow()
    return follower
  }

  /// Waits until the picture meets a condition; returns how long that took.
  private func wait(
    _ follower: ChangeFollower, until isMet: (LoadedCorpora) -> Bool
  ) async throws -> Duration {
    let start = ContinuousClock.now
    while !isMet(follower.current) {
      try #require(.now - start < .seconds(20), "the change was never seen")
      try await Task.sleep(for: .milliseconds(5))
    }
    return .now - start
  }

  @Test func writesAndDeletionsAreSeen() async throws {
    let follower = try follower()
    defer { follower.stop() }
    #expect(follower.current.itemCount == 0)
    _ = try await wait(follower) { _ in follower.status.isConnected }
    let items = try fixture.insert(0..<10, into: "a", hasTexts: true, connection)
    _ = try await wait(follower) { $0.itemCount == 10 && $0.count(.texts) == 10 }
    try connection.transaction {
      try connection.execute("delete from items where id = \(items[3])")
      try connection.execute("select record_change(1, null, '{}', \([items[3]]))")
    }
    _ = try await wait(follower) { $0.itemCount == 9 && $0.count(.molecules) == 9 }
    #expect(follower.status.itemsApplied == 11)
    // How soon is measured by Benchmarks/live-search.sh; here the machine is busy with other tests.
    #expect(try #require(follower.status.lastLag) > 0)
  }

  @Test func corporaComeAndGo() async throws {
    try fixture.insert(0..<4, into: "a", hasTexts: false, connection)
    let follower = try follower()
    defer { follower.stop() }
    try connection.execute("insert into corpora (name) values ('b')")
    try fixture.insert(4..<9, into: "b", hasTexts: true, connection)
    _ = try await wait(follower) { $0.itemCount == 9 }
    #expect(follower.current.corpora.map(\.name) == ["a", "b"])
    try connection.execute("delete from corpora where name = 'a'")
    _ = try await wait(follower) { $0.corpora.map(\.name) == ["b"] }
    #expect(follower.current.itemCount == 5)
  }

  @Test func lostConnectionIsMadeUpFor() async throws {
    let follower = try follower()
    defer { follower.stop() }
    _ = try await wait(follower) { _ in follower.status.isConnected }
    try connection.execute(
      """
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query like 'listen%'
        or query like 'commit%' and datname = current_database() and pid <> pg_backend_pid()
      """)
    try fixture.insert(0..<5, into: "a", hasTexts: false, connection)
    _ = try await wait(follower) { $0.itemCount == 5 && follower.status.isConnected }
    #expect(follower.status.connectionLosses == 1)
    #expect(follower.status.problem == nil)
  }

  @Test func prunedChangesAreReadFromTheItems() async throws {
    try fixture.insert(0..<5, into: "a", hasTexts: false, connection)
    let loader = CorporaLoader(
      checksum: fixture.checkpoint.checksum, dimension: 16, modalities: Modality.allCases,
      policy: IndexPolicy())
    let old = try loader.load(from: Connection(database))
    let later = try fixture.insert(5..<12, into: "a", hasTexts: true, connection)
    try connection.execute("delete from items where id = \(later[0])")
    try connection.execute("select record_change(1, null, '{}', \([later[0]]))")
    try connection.execute("delete from changes")
    let follower = ChangeFollower(
      loader, settings: database, editor: old, log: Logger(label: "test"))
    follower.follow()
    defer { follower.stop() }
    _ = try await wait(follower) { $0.itemCount == 11 }
    #expect(follower.current.count(.texts) == 6)
    // It was read as at a start: nothing lies beside what was built.
    let corpus = try #require(follower.current.corpora.first)
    #expect(corpus.molecules.changes.added.count == 0)
    #expect(corpus.molecules.base.count == 11 && corpus.texts.base.count == 6)
    try fixture.insert(20..<22, into: "a", hasTexts: false, connection)
    _ = try await wait(follower) { $0.itemCount == 13 }
  }

  @Test func prunedCorpusLeavesTheOthersAsTheyAre() async throws {
    try connection.execute("insert into corpora (name) values ('b')")
    try fixture.insert(0..<5, into: "a", hasTexts: false, connection)
    let others = try fixture.insert(5..<9, into: "b", hasTexts: true, connection)
    let loader = CorporaLoader(
      checksum: fixture.checkpoint.checksum, dimension: 16, modalities: Modality.allCases,
      policy: IndexPolicy())
    let old = try loader.load(from: Connection(database))
    try fixture.insert(20..<23, into: "a", hasTexts: false, connection)
    try connection.execute("delete from changes where corpus_id = 1")
    let generation = old.loaded.items.generation
    let follower = ChangeFollower(
      loader, settings: database, editor: old, log: Logger(label: "test"))
    follower.follow()
    defer { follower.stop() }
    _ = try await wait(follower) { $0.itemCount == 12 }
    #expect(Set(follower.current.corpora[1].texts.ids) == Set(others))
    #expect(follower.current.items.generation == generation)
  }

  /// A restore may lower versions, or bring other items under versions that are known.
  @Test(arguments: [true, false]) func restoredDatabaseIsLoadedAnew(byEpoch: Bool) async throws {
    let items = try fixture.insert(0..<10, into: "a", hasTexts: true, connection)
    try fixture.insert(10..<12, into: "a", hasTexts: true, connection)
    let follower = try follower()
    defer { follower.stop() }
    _ = try await wait(follower) { _ in follower.status.isConnected }
    let before = follower.current
    #expect(before.itemCount == 12)
    try connection.transaction {
      try connection.execute("delete from items where id > \(items[4])")
      if byEpoch {
        try connection.execute("update database_epoch set epoch = gen_random_uuid()")
      } else {
        try connection.execute("delete from changes where version > 1")
        try connection.execute("update corpora set version = 1")
      }
    }
    _ = try await wait(follower) { $0.itemCount == 5 }
    let after = follower.current
    #expect(after.count(.molecules) == 5 && after.count(.texts) == 5)
    #expect(after.state.versions == [1: byEpoch ? 2 : 1])
    #expect(after.items.generation > before.items.generation)
    #expect((after.epoch != before.epoch) == byEpoch)
    try fixture.insert(20..<22, into: "a", hasTexts: false, connection)
    _ = try await wait(follower) { $0.itemCount == 7 }
    #expect(follower.current.items.generation == after.items.generation)
  }

  @Test func changedItemsAreSearchedAnew() async throws {
    let items = try fixture.insert(0..<6, into: "a", hasTexts: false, connection)
    let follower = try follower()
    defer { follower.stop() }
    let query = fixture.molecules.gatheringRows([2])
    #expect(follower.current.search(.molecules, query, [.init(count: 1)])[0][0].id == items[2])
    try connection.transaction {
      try connection.execute(
        """
        update embeddings set vector = (select vector from embeddings where item_id = \(items[2]))
        where item_id = \(items[5])
        """)
      try connection.execute("delete from embeddings where item_id = \(items[2])")
      try connection.execute("select record_change(1, 1, \([items[2], items[5]]), '{}')")
    }
    _ = try await wait(follower) {
      $0.search(.molecules, query, [.init(count: 1)])[0][0].id == items[5]
    }
    #expect(follower.current.count(.molecules) == 5)
    #expect(follower.current.itemCount == 6)
  }
}
