import Alignment
import ModelTestSupport
import Postgres
import Retrieval
import Synchronization
import Tensor
import TestSupport
import Testing

@testable import AlignAPI

/// How a table of pgvector's is made, follows the embeddings, and goes.
@Suite struct VectorTableDatabaseTests {
  /// The only column of a query.
  private func rows(_ fixture: VectorFixture, _ query: SQLStatement) throws -> [String] {
    try fixture.connect().query(query).map { try $0.value(at: 0, as: String.self) }
  }

  /// Embeddings whose row in the table has another value than it should, by pgvector's own words.
  private func stale(_ fixture: VectorFixture, _ type: VectorColumnType) throws -> [String] {
    let value = SQLStatement(unsafeSQL: type.value(of: "e", 16))
    return try rows(
      fixture,
      """
      select e.item_id::text from embeddings e join vectors_m1 v using (item_id, modality)
      where v.v::text <> (\(fragment: value))::text
      """)
  }

  @Test(arguments: VectorColumnType.allCases)
  func rowsFollowWhateverWrites(type: VectorColumnType) throws {
    let fixture = try VectorFixture(enabled: type)
    #expect(try fixture.differences() == CheckFinding())
    #expect(try stale(fixture, type).isEmpty)
    let connection = try fixture.connect()
    // Deleted with their items, deleted alone, changed, moved, and new ones.
    try connection.execute("delete from items where id between 1 and 10")
    try connection.execute(
      "delete from embeddings where item_id between 11 and 20 and modality = 2")
    try connection.execute(
      """
      update embeddings e set vector = o.vector, code = o.code from embeddings o
      where e.item_id between 21 and 30 and o.item_id = e.item_id + 100 and o.modality = e.modality
      """)
    try connection.execute(
      """
      insert into items (id, corpus_id, smiles, text) overriding system value
      values (9998, 1, 'C', ''), (9999, 1, 'C', '')
      """)
    try connection.execute("update embeddings set item_id = 9998 where item_id = 31")
    try VectorFixture.insert(
      Matrix(rows: 1, columns: 16, repeating: 0.25), items: [9999], modality: 1, fixture.checksum,
      connection)
    #expect(try fixture.differences() == CheckFinding())
    #expect(try stale(fixture, type).isEmpty)
    #expect(
      try rows(fixture, "select count(*)::text from vectors_m1") == ["\(6_000 - 20 - 10 + 1)"])
  }

  @Test func rollbackTakesRowsBack() throws {
    let fixture = try VectorFixture(enabled: .halfvec)
    let connection = try fixture.connect()
    try connection.execute("begin")
    try connection.execute("delete from items where id <= 100")
    try connection.execute("rollback")
    #expect(try rows(fixture, "select count(*)::text from vectors_m1") == ["6000"])
    #expect(try fixture.differences() == CheckFinding())
  }

  @Test func serverSeesWhatComesChangesAndGoes() async throws {
    let fixture = try VectorFixture(enabled: .halfvec)
    let engine = try fixture.engine(follows: true)
    defer { engine.follower.stop() }
    let connection = try fixture.connect()
    let query = [Float](repeating: 0.25, count: 16)
    func first() async throws -> SearchResult? {
      try await engine.search(
        SearchRequest(SearchQuery(vector: query, dimension: 16), target: .molecules, count: 3)
      ).results.first
    }
    func wait(_ isDone: (SearchResult?) -> Bool) async throws {
      let start = ContinuousClock.now
      while try await !isDone(first()), .now - start < .seconds(5) {
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    let before = try await first()?.id
    try connection.transaction {
      try connection.execute(
        """
        insert into items (id, corpus_id, smiles) overriding system value values (9999, 1, 'C')
        """)
      try VectorFixture.insert(
        Matrix(rows: 1, columns: 16, values: query), items: [9999], modality: 1, fixture.checksum,
        connection)
      try connection.execute("select record_change(1, 1, '{9999}', '{}')")
    }
    try await wait { $0?.id == 9999 }
    #expect(try await first()?.score == 1)
    try connection.transaction {
      try connection.execute(
        "update embeddings set vector = decode(repeat('0030', 16), 'hex') where item_id = 9999")
      try connection.execute("select record_change(1, 1, '{9999}', '{}')")
    }
    try await wait { $0?.score ?? 1 < 1 }
    #expect(try await first()?.score != 1)
    try connection.transaction {
      try connection.execute("delete from items where id = 9999")
      try connection.execute("select record_change(1, null, '{}', '{9999}')")
    }
    try await wait { $0?.id == before }
    #expect(try await first()?.id == before)
  }

  @Test func brokenOffMakingGoesOn() throws {
    let fixture = try VectorFixture()
    let connection = try fixture.connect()
    let building = VectorTableBuilding(
      try fixture.model(connection), type: .halfvec, settings: fixture.database)
    let steps = Mutex<[VectorTableBuilding.Progress]>([])
    func run(stopAfter count: Int) throws -> VectorTable? {
      steps.withLock { $0 = [] }
      return try building.run(
        connection, batch: 500, shouldStop: { steps.withLock { $0.count } >= count },
        report: { step in steps.withLock { $0.append(step) } })
    }
    #expect(try run(stopAfter: 3) == nil)
    #expect(try rows(fixture, "select count(*)::text from vectors_m1") == ["1500"])
    #expect(throws: VectorExtensionError.notEnabled(model: "tiny")) { try fixture.engine() }
    // What is written in between is followed already.
    try connection.execute("delete from items where id in (1, 2, 2999)")
    #expect(try run(stopAfter: 13) == nil)
    let table = try #require(try run(stopAfter: .max))
    #expect(table.measured != nil)
    #expect(try fixture.differences() == CheckFinding())
    #expect(try rows(fixture, "select count(*)::text from vectors_m1") == ["5994"])
    // Done already: at once.
    #expect(try run(stopAfter: .max) == table)
    #expect(steps.withLock { $0.isEmpty })
    #expect(
      throws: VectorExtensionError.madeOtherwise(
        model: "tiny", found: "halfvec, m 16, ef_construction 64",
        expected: "bit, m 16, ef_construction 64")
    ) { try fixture.enable(.bit) }
  }

  @Test func takenAwayItLeavesNothing() throws {
    let fixture = try VectorFixture(enabled: .halfvec)
    let connection = try fixture.connect()
    let table = try #require(try VectorTable.of(fixture.model(connection), connection))
    try table.drop(connection)
    #expect(try VectorTable.all(connection).isEmpty)
    let remains: SQLStatement = """
      select relname::text from pg_class where relname like 'vectors\\_%'
      union all select proname::text from pg_proc where proname like 'vectors\\_%'
      union all select tgname::text from pg_trigger where tgname like 'vectors\\_%'
      """
    #expect(try rows(fixture, remains).isEmpty)
    #expect(try rows(fixture, "select count(*)::text from embeddings") == ["6000"])
    try connection.execute("delete from items where id = 1")
    #expect(throws: VectorExtensionError.notEnabled(model: "tiny")) { try fixture.engine() }
    // Dropping the model takes all of it as well.
    try fixture.enable(.vector)
    try ModelStore(connection).drop(fixture.model(connection))
    #expect(try rows(fixture, remains).isEmpty)
    #expect(try rows(fixture, "select model_id::text from vector_tables").isEmpty)
  }

  @Test func checkFindsAndMendsWhatDiffers() throws {
    let fixture = try VectorFixture(enabled: .halfvec)
    let connection = try fixture.connect()
    try connection.execute("delete from vectors_m1 where item_id in (5, 6)")
    try connection.execute(
      "insert into vectors_m1 select 77777, 1, v from vectors_m1 where item_id = 7 limit 1")
    try connection.execute("alter table embeddings_m1 disable trigger vectors_m1")
    try connection.execute("delete from embeddings where item_id = 8")
    let found = try fixture.differences()
    #expect(found.count == 1 + 4 + 1 + 2)
    #expect(found.examples[0] == "model tiny is not followed")
    let results = try DatabaseCheck(coding: nil).run(connection, repair: false)
    #expect(results.first { $0.check == VectorTableCheck().name }?.found == 8)
    try VectorTableCheck().repair(connection, batch: 100)
    #expect(try fixture.differences() == CheckFinding())
    // Items without a key, which all are the same here, become one with its embeddings.
    try connection.execute("delete from items where id > 40")
    _ = try DatabaseCheck.current.run(connection, repair: true)
    #expect(try fixture.differences() == CheckFinding())
    #expect(try rows(fixture, "select count(*)::text from vectors_m1") == ["4"])
    try connection.execute("drop table vectors_m1 cascade")
    #expect(try fixture.differences().examples == ["model tiny has no table"])
    try VectorTableCheck().repair(connection, batch: 100)
    #expect(try fixture.differences() == CheckFinding())
    try connection.execute("delete from items")
  }

  @Test func backupBringsItBack() throws {
    let fixture = try VectorFixture(enabled: .halfvec)
    let cluster = try TemporaryCluster.withVectors()
    let connection = try fixture.connect()
    let file = try IndexFixture.makeFolder() + "/dump"
    let version = connection.serverVersion
    _ = try DatabaseBackup(
      fixture.database, serverVersion: version, programs: cluster.programs
    ).write(to: file)
    let target = try cluster.makeDatabase()
    try DatabaseBackup(target, serverVersion: version, programs: cluster.programs)
      .restore(from: file, replacing: false, closing: DatabaseContents.newEpoch)
    let restored = try Connection(target)
    try restored.execute("delete from items where id <= 5")
    #expect(try VectorTableCheck().find(restored) == CheckFinding())
    #expect(try VectorTable.all(restored) == VectorTable.all(connection))
    let plan = try restored.query(
      "select indexdef from pg_indexes where tablename = 'vectors_m1' and indexdef like '%hnsw%'")
    #expect(plan.count == 2)
  }

  /// Tables of an owner, where a superuser lets the database search; who may read or write before
  /// may do so after.
  @Test func rolesMaySearchAndWrite() async throws {
    let fixture = try VectorFixture()
    let connection = try fixture.connect()
    let prefix = "vectors_\(try #require(fixture.database.database))"
    let owner = prefix + "_owner"
    let roles = try DatabaseRoles(prefix: prefix)
    try connection.execute("create role \(identifier: owner) createrole")
    try connection.execute("grant create on schema public to \(identifier: owner)")
    try connection.execute(
      "grant \(identifier: owner) to current_user with inherit true, set true")
    let tables = try connection.query(
      """
      select relname::text from pg_class where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p')
      """
    ).map { try $0.value(at: 0, as: String.self) }
    for table in tables {
      try connection.execute("alter table \(identifier: table) owner to \(identifier: owner)")
    }
    _ = try roles.grant(connection)
    try fixture.enable()
    #expect(
      try rows(fixture, "select tableowner::text from pg_tables where tablename = 'vectors_m1'")
        == [owner])
    let writer = try Connection(
      fixture.database.with(parameter: "options", value: "-c role=\(roles.writer)"))
    try writer.execute("delete from items where id <= 5")
    #expect(try fixture.differences() == CheckFinding())
    let reader = try SearchEngine(
      checkpoint: fixture.search.checkpoint,
      database: fixture.database.with(parameter: "options", value: "-c role=\(roles.reader)"),
      policy: IndexPolicy(kind: .pgvector))
    let answer = try await reader.search(
      SearchRequest(
        SearchQuery(vector: VectorFixture.queries(1)[0], dimension: 16), target: .molecules))
    #expect(answer.results.count == 10)
    for role in [roles.reader, roles.writer, owner] {
      try connection.execute("drop owned by \(identifier: role)")
      try connection.execute("drop role \(identifier: role)")
    }
  }
}
