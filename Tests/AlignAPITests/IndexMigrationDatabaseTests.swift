import AlignAPI
import Alignment
import Digest
import Foundation
import ModelTestSupport
import Postgres
import TestSupport
import Testing

/// Databases of earlier schema versions with data in them, brought forward and indexed again.
@Suite struct IndexMigrationDatabaseTests {
  /// A database at that version of the schema, with rows in its tables.
  private func database(atVersion version: Int) throws -> IndexFixture {
    let fixture = IndexFixture(
      settings: try TemporaryCluster.shared().makeDatabase(), folder: try IndexFixture.makeFolder())
    let connection = try Connection(fixture.settings)
    let folder = fixture.folder + "/migrations"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let all = TinyModel.root + "/migrations/"
    for name in try FileManager.default.contentsOfDirectory(atPath: all)
    where try #require(Int(name.prefix(4))) <= version {
      try FileManager.default.copyItem(atPath: all + name, toPath: folder + "/" + name)
    }
    try Migrator(folder: folder).migrate(connection)
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values ('tiny', \(Self.checksum()), 16::integer, '{}')
      """)
    try connection.execute("insert into corpora (name) values ('test')")
    if version == 1 {
      try fillFirstVersion(connection)
    } else {
      try connection.execute("select add_embedding_partitions(1)")
      try fillSecondVersion(connection)
    }
    if version >= 3 { try connection.execute(unsafeScript: Self.serviceRows) }
    if version >= 4 {
      try connection.execute(
        "insert into vector_tables (model_id, type, m, ef_construction) values (1, 'bit', 16, 64)")
    }
    try connection.execute(
      """
      insert into embeddings (item_id, model_id, modality, checksum, vector)
      select id, 1, 1, \(Self.checksum()), \([UInt8](repeating: 60, count: 32)) from items
      """)
    return fixture
  }

  private static func checksum() throws -> String {
    try IndexFixture.model().checkpoint.checksum.hexadecimal
  }

  private static let file = String(repeating: "a", count: 64)

  /// Numbers of each kind; the last has a name that no index takes.
  private static let properties = JSONText(
    """
    {"mass": "46", "note": "x", "sine": "0.8414709848078965", "half": ".5",
     "\(String(repeating: "n", count: 3000))": "7.0000000000000001"}
    """)

  private func fillFirstVersion(_ connection: Connection) throws {
    try connection.execute(
      """
      insert into index_runs (corpus_id, model_id, source_path, source_size, source_time,
        source_sha256, lines_done, rows_indexed, finished_at)
      values (1, 1, 'old.tsv', 9, now(), \(Self.file), 4, 3, now())
      """)
    try connection.execute(
      """
      insert into items (corpus_id, source_id, smiles, text, properties, source_sha256, source_line)
      values (1, 'a', 'OCC', null, \(Self.properties), \(Self.file), 2),
        (1, 'b', 'CCO', null, '{}', \(Self.file), 3), (1, 'c', 'CCN', 'amine', '{}', null, null)
      """)
  }

  private func fillSecondVersion(_ connection: Connection) throws {
    try connection.execute(
      """
      insert into index_jobs (corpus_id, model_id, kind, source_path, source_size, source_time,
        source_sha256, state, is_read, lines_read, rows_indexed, rows_rejected, finished_at)
      values (1, 1, 'file', 'old.tsv', 9, now(), \(Self.file), 'done', true, 4, 3, 0, now())
      """)
    try connection.execute(
      """
      insert into items (corpus_id, smiles, text, properties) values
        (1, 'OCC', null, \(Self.properties)), (1, 'CCO', null, '{}'), (1, 'CCN', 'amine', '{}')
      """)
    try connection.execute(
      unsafeScript: """
        insert into item_sources (corpus_id, source_id, item_id, job_id, source_line) values
          (1, 'a', 1, 1, 2), (1, 'b', 2, 1, 3), (1, 'c', 3, null, null);
        insert into item_numbers (item_id, name, value)
          select id, key, property_number(value) from items, jsonb_each_text(properties)
          where property_number(value) is not null;
        insert into index_jobs (corpus_id, model_id, kind) values (1, 1, 'reembed');
        insert into index_chunks (job_id, number, payload) values (2, 1, 'x');
        insert into index_rejects (job_id, line, found, expected, raw) values (1, 9, 'f', 'e', 'r');
        select record_change(1, 1, '{1,2,3}', '{}');
        """)
  }

  private static let serviceRows = """
    insert into api_keys (name, prefix, salt, hash, scope) values
      ('k', 'abcdefgh', decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex'), 'read');
    insert into api_key_usage (key_id, day, requests) values (1, '2026-11-26', 5);
    insert into audit_log (actor, action, target) values ('k', 'item.put', 'a');
    insert into idempotent_answers (actor, idempotency_key, operation, request_hash, status)
      values ('k', 'i', 'o', decode(repeat('00', 32), 'hex'), 200);
    insert into idempotent_answer_parts (actor, idempotency_key, number, lines, body)
      values ('k', 'i', 1, 1, 'x');
    update index_jobs set rows_total = 3 where id = 1;
    """

  private static let vectors: SQLStatement =
    "select count(*)::text, min(encode(vector, 'hex')) from embeddings"

  private static let sources: SQLStatement = """
    select source_id, item_id::text, job_id::text, source_line::text from item_sources order by 1
    """

  @Test(arguments: 1...4)
  func dataOfEveryVersionIsBroughtForwardCheckedAndIndexed(version: Int) throws {
    let old = try database(atVersion: version)
    let connection = try Connection(old.settings)
    try IndexFixture.migrator().migrate(connection)
    #expect(try old.rows(Self.sources) == ["a|1|1|2", "b|2|1|3", "c|3|-|-"])
    #expect(
      try old.rows("select name, value::text from item_numbers order by name")
        == ["half|0.5", "mass|46", "sine|0.8414709848078965"])
    #expect(try old.rows(Self.vectors) == ["3|" + String(repeating: "3c", count: 32)])
    #expect(
      try old.rows(
        "select state, lines_read::text, rows_indexed::text from index_jobs where id = 1")
        == ["done|4|3"])
    for table in version == 1 ? [] : ["changes", "index_chunks", "index_rejects"] {
      #expect(try old.rows("select count(*)::text from \(identifier: table)") == ["1"])
    }
    let service = ["api_keys", "api_key_usage", "audit_log", "idempotent_answers"]
    for table in version < 3 ? [] : service + ["idempotent_answer_parts"] {
      #expect(try old.rows("select count(*)::text from \(identifier: table)") == ["1"])
    }

    // Two spellings of one molecule become one item with both of its sources.
    #expect(try DatabaseCheck.current.run(connection, repair: true).allSatisfy { $0.isClean })
    #expect(
      try DatabaseCheck.current.run(connection, repair: false).allSatisfy { $0.found == 0 })
    #expect(try old.rows("select id::text from items order by id") == ["1", "3"])

    let path = try old.file(
      ["id\tsmiles\ttext", "a\tOCC\t", "b\tCCO\t", "c\tNCC\tamine", "d\tCCC\tnew"])
    let outcome = try old.index(path)
    #expect(outcome.end == .finished && outcome.rows == 4 && outcome.rejected == 0)
    #expect(
      try old.rows("select source_id from item_sources where item_id in (1, 3) order by 1")
        == ["a", "b", "c"])
    #expect(try old.rows("select count(*)::text from embeddings") == ["5"])
    #expect(
      try DatabaseCheck.current.run(connection, repair: false).allSatisfy { $0.found == 0 })
  }

  @Test func dataOfTheFirstVersionStaysAndIsTakenUp() throws {
    let old = try database(atVersion: 1)
    try IndexFixture.migrator().migrate(Connection(old.settings))
    #expect(try old.rows(Self.sources) == ["a|1|1|2", "b|2|1|3", "c|3|-|-"])
    #expect(
      try old.rows("select state, lines_read::text, is_read::text from index_jobs") == [
        "done|4|true"
      ])
    #expect(
      try old.rows("select count(*)::text, min(encode(vector, 'hex')) from embeddings")
        == ["3|" + String(repeating: "3c", count: 32)])

    // a and b are one molecule: the first keeps its item and its vector, b joins it.
    let path = try old.file(["id\tsmiles\ttext", "a\tOCC\t", "b\tCCO\t", "c\tNCC\tamine"])
    let outcome = try old.index(path)
    #expect(outcome.end == .finished && outcome.rows == 3)
    #expect(
      try old.rows("select source_id, item_id::text from item_sources order by 1")
        == ["a|1", "b|1", "c|3"])
    #expect(
      try old.rows(
        """
        select id::text, heavy_atoms::text, (content_key is not null)::text, properties::text,
          (select string_agg(modality::text, '' order by modality) from embeddings where item_id = id)
        from items order by id
        """) == ["1|3|true|{}|1", "3|3|true|{}|12"])
    #expect(try old.rows("select name from item_numbers").isEmpty)
  }
}
