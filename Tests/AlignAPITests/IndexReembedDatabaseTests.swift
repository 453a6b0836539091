import AlignAPI
import Foundation
import ModelTestSupport
import Postgres
import Testing

@Suite struct IndexReembedDatabaseTests {
  private func reembed(_ fixture: IndexFixture, corpus: String = "test", chunkRows: Int = 4) throws
    -> IndexOutcome
  {
    try fixture.indexer(model: 1, chunkRows: chunkRows).index(
      Indexer.Request(path: nil, corpus: corpus, rejectsPath: fixture.rejectsPath))
  }

  @Test func secondModelIsFilledWhileTheFirstStays() throws {
    let fixture = try IndexFixture()
    try fixture.index(fixture.file(IndexFixture.compounds(10)))
    let first: SQLStatement = """
      select item_id::text, modality::text, encode(vector, 'hex'), xmin::text
      from embeddings where model_id = 1 order by 1, 2
      """
    let before = try fixture.rows(first)
    let outcome = try reembed(fixture)
    #expect(outcome.end == .finished && outcome.rows == 10 && outcome.rejected == 0)
    #expect(try fixture.rows(first) == before)
    // The same vectors as from the file.
    let own: SQLStatement = """
      select source_id, modality::text, encode(vector, 'hex')
      from embeddings join item_sources using (item_id) where model_id <> 1 order by 1, 2
      """
    let other = try IndexFixture()
    try other.index(other.file(IndexFixture.compounds(10)))
    try other.index(other.file(IndexFixture.compounds(10)), model: 1)
    #expect(try fixture.rows(own) == other.rows(own))
    #expect(
      try fixture.rows(
        "select cardinality(written)::text from changes where model_id <> 1 order by version")
        == ["4", "4", "2"])
  }

  @Test func onlyWhatLacksIsEmbedded() throws {
    let fixture = try IndexFixture()
    try fixture.index(fixture.file(["id\tsmiles", "a\tCCO", "b\tCCN"], name: "1.tsv"))
    #expect(try reembed(fixture).rows == 2)
    try fixture.index(fixture.file(["id\tsmiles", "c\tCCC"], name: "2.tsv"))
    let second = try reembed(fixture)
    #expect(second.end == .finished && second.rows == 1 && second.job == 4)
    #expect(try reembed(fixture).rows == 0)
    #expect(try fixture.rows("select count(*)::text from embeddings") == ["6"])
  }

  @Test func unknownCorpusIsNamed() throws {
    let fixture = try IndexFixture()
    #expect(throws: IndexError.unknownCorpus(name: "nowhere")) {
      _ = try reembed(fixture, corpus: "nowhere")
    }
  }

  @Test func vectorOfAnotherCheckpointIsRefused() throws {
    let fixture = try IndexFixture()
    try fixture.index(fixture.file(["id\tsmiles", "a\tCCO"]))
    _ = try reembed(fixture)
    let mixed = #expect(throws: PostgresError.self) {
      try fixture.rows(
        """
        update embeddings set checksum = (select checksum from models where id <> 1)
        where model_id = 1 returning 1::text
        """)
    }
    #expect(mixed?.sqlState == "23503")
  }

  @Test func oldChangesAreForgottenButForTheLast() throws {
    let fixture = try IndexFixture()
    try fixture.index(fixture.file(IndexFixture.compounds(10)), chunkRows: 4)
    let versions: SQLStatement = "select version::text from changes order by version"
    #expect(try fixture.rows(versions) == ["1", "2", "3"])
    let connection = try Connection(fixture.settings)
    try connection.execute("update changes set created_at = now() - interval '8 days'")
    #expect(try reembed(fixture).rows == 10)
    #expect(try fixture.rows(versions) == ["3", "4", "5", "6"])
  }
}
