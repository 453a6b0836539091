import AlignAPI
import Alignment
import Digest
import Foundation
import ModelTestSupport
import Postgres
import TestSupport
import Testing

/// A database of schema version 1 with data in it, brought forward and indexed again.
@Suite struct IndexMigrationDatabaseTests {
  @Test func dataOfTheFirstVersionStaysAndIsTakenUp() throws {
    let fixture = try IndexFixture()
    let settings = try TemporaryCluster.shared().makeDatabase()
    let connection = try Connection(settings)
    let folder = fixture.folder + "/migrations"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let first = "0001_initial.sql"
    try FileManager.default.copyItem(
      atPath: TinyModel.root + "/migrations/" + first, toPath: folder + "/" + first)
    try Migrator(folder: folder).migrate(connection)
    let tiny = try IndexFixture.model()
    let checksum = tiny.checkpoint.checksum.hexadecimal
    let file = String(repeating: "a", count: 64)
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values ('tiny', \(checksum), 16::integer, '{}')
      """)
    try connection.execute("insert into corpora (name) values ('test')")
    try connection.execute(
      """
      insert into index_runs (corpus_id, model_id, source_path, source_size, source_time,
        source_sha256, lines_done, rows_indexed, finished_at)
      values (1, 1, 'old.tsv', 9, now(), \(file), 4, 3, now())
      """)
    try connection.execute(
      """
      insert into items (corpus_id, source_id, smiles, text, properties, source_sha256, source_line)
      values (1, 'a', 'OCC', null, '{"mass": "46", "note": "x"}', \(file), 2),
        (1, 'b', 'CCO', null, '{}', \(file), 3), (1, 'c', 'CCN', 'amine', '{}', null, null)
      """)
    let vector = [UInt8](repeating: 60, count: 32)
    try connection.execute(
      """
      insert into embeddings (item_id, model_id, modality, checksum, vector)
      select id, 1, 1, \(checksum), \(vector) from items
      """)

    try IndexFixture.migrator().migrate(connection)
    let old = IndexFixture(settings: settings, folder: fixture.folder)
    #expect(
      try old.rows(
        "select source_id, item_id::text, job_id::text, source_line::text from item_sources order by 1"
      )
        == ["a|1|1|2", "b|2|1|3", "c|3|-|-"])
    #expect(try old.rows("select name, value::text from item_numbers") == ["mass|46"])
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
