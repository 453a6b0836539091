import AlignAPI
import Alignment
import Foundation
import ModelTestSupport
import Postgres
import Tensor
import Testing

@Suite struct IndexerDatabaseTests {
  @Test func storesEveryRowWithBothEmbeddings() throws {
    let fixture = try IndexFixture()
    let lines = try IndexFixture.compounds(30)
    let outcome = try fixture.index(fixture.file(lines))
    #expect(outcome.end == .finished)
    #expect(outcome.rows == 30 && outcome.totalRows == 30 && outcome.rejected == 0)

    let stored = try fixture.rows(
      """
      select source_id, i.properties->>'name', smiles, i.properties->>'formula', text
      from items i join item_sources s on item_id = id order by id
      """
    )
    #expect(stored == lines.dropFirst().map { $0.replacing("\t", with: "|") })
    let counts = try fixture.rows(
      """
      select modality::text, count(*)::text, count(distinct item_id)::text
      from embeddings group by modality order by modality
      """)
    #expect(counts == ["1|30|30", "2|30|30"])
    let run = try fixture.rows(
      """
      select lines_read::text, rows_indexed::text, rows_rejected::text, state,
        (select count(*)::text from index_chunks) from index_jobs
      """)
    #expect(run == ["31|30|0|done|0"])
    #expect(!FileManager.default.fileExists(atPath: fixture.rejectsPath))
  }

  @Test func storedVectorsAreWhatTheModelSays() throws {
    let fixture = try IndexFixture()
    let lines = try IndexFixture.compounds(10)
    try fixture.index(fixture.file(lines))
    let texts = lines.dropFirst().map { String($0.split(separator: "\t")[4]) }
    let expected = HalfMatrix(
      rounding: try IndexFixture.model().checkpoint.model.encode(texts)
    ).widened()
    let rows = try Connection(fixture.settings).query(
      "select vector from embeddings where modality = 2 order by item_id")
    #expect(rows.count == 10)
    for (place, row) in rows.enumerated() {
      let bits = try row.withElements(at: 0, as: UInt16.self) { span in
        span.indices.map { span[$0] }
      }
      let found = HalfMatrix(rows: 1, columns: 16, bits: bits).widened().values
      for (value, wanted) in zip(found, expected.row(place)) {
        #expect(abs(value - wanted) < 1e-3)
      }
    }
  }

  @Test func indexingAgainChangesNothing() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(IndexFixture.compounds(12))
    try fixture.index(path)
    let before = try fixture.snapshot()
    let again = try fixture.index(path)
    #expect(again.end == .alreadyIndexed && again.rows == 0 && again.totalRows == 12)
    #expect(try fixture.snapshot() == before)
  }

  @Test func changedFileUpdatesInPlaceAddsAndKeeps() throws {
    let fixture = try IndexFixture()
    let first = try fixture.file([
      "id\tsmiles\ttext", "a\tCCO\tone", "b\tCCN\ttwo", "c\tCCC\tthree",
    ])
    try fixture.index(first)
    let numbers: SQLStatement = "select source_id, item_id::text from item_sources order by 1"
    let ids = try fixture.rows(numbers)
    let vectors: SQLStatement = """
      select source_id, modality::text, encode(vector, 'hex')
      from embeddings join item_sources using (item_id) order by source_id, modality
      """
    let before = try fixture.rows(vectors)

    let second = try fixture.file(["id\tsmiles\ttext", "a\tCCO\tone", "b\tc1ccccc1O\t", "d\tCC\t"])
    let outcome = try fixture.index(second)
    #expect(outcome.end == .finished && outcome.rows == 3)
    let items = try fixture.rows(
      "select source_id, smiles, text from items join item_sources on item_id = id order by source_id"
    )
    #expect(items == ["a|CCO|one", "b|c1ccccc1O|-", "c|CCC|three", "d|CC|-"])
    // Another molecule is another item; the one without an id left is gone.
    let idsNow = try fixture.rows(numbers)
    #expect(idsNow[0] == ids[0] && idsNow[1] != ids[1] && idsNow[2] == ids[2])
    #expect(try fixture.rows("select count(*)::text from items") == ["4"])
    let after = try fixture.rows(vectors)
    #expect(after.map { $0.prefix(3) } == ["a|1", "a|2", "b|1", "c|1", "c|2", "d|1"])
    #expect(after[0] == before[0] && after[1] == before[1] && after[3] == before[4])
    #expect(after[2] != before[2])
  }

  @Test func anEarlierFileComesBackInFull() throws {
    let fixture = try IndexFixture()
    let header = "id\tsmiles"
    let old = try fixture.file([header, "a\tCCO", "b\tCCN"], name: "old.tsv")
    let new = try fixture.file([header, "a\tCCCl"], name: "new.tsv")
    try fixture.index(old)
    try fixture.index(new)
    #expect(try fixture.index(old).end == .finished)
    let items = try fixture.rows(
      "select source_id, smiles from items join item_sources on item_id = id order by source_id")
    #expect(items == ["a|CCO", "b|CCN"])
    #expect(try fixture.index(old).end == .alreadyIndexed)
  }

  @Test func secondModelIsAddedToTheSameItems() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(IndexFixture.compounds(9))
    try fixture.index(path)
    let items = try fixture.rows("select id::text, xmin::text from items order by id")
    let second = try fixture.index(path, model: 1)
    #expect(second.end == .finished && second.rows == 9)
    #expect(second.model.wholeMatch(of: #/tiny-[0-9a-f]{8}/#) != nil)
    #expect(try fixture.rows("select id::text, xmin::text from items order by id") == items)
    let counts = try fixture.rows(
      "select count(*)::text from embeddings group by model_id")
    #expect(counts == ["18", "18"])
  }

  @Test func changedTextDropsTheVectorsOfOtherModels() throws {
    let fixture = try IndexFixture()
    let header = "id\tsmiles"
    try fixture.index(fixture.file([header, "a\tCCO", "b\tCCN"]))
    let changed = try fixture.file([header, "a\tCCO", "b\tCCCC"])
    try fixture.index(changed, model: 1)
    let query: SQLStatement = """
      select source_id, (dense_rank() over (order by model_id))::text
      from embeddings join item_sources using (item_id) order by source_id, model_id
      """
    #expect(try fixture.rows(query) == ["a|1", "a|2", "b|2"])
    try fixture.index(changed)
    #expect(try fixture.rows(query) == ["a|1", "a|2", "b|1", "b|2"])
  }

  @Test(arguments: [1, 8])
  func idsThatLookTheSameStayApart(chunkRows: Int) throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "\u{c5}\tCC", "\u{212b}\tCCC"])
    let outcome = try fixture.index(path, chunkRows: chunkRows)
    #expect(outcome.rows == 2 && outcome.rejected == 0)
    let items: SQLStatement = """
      select encode(source_id::bytea, 'hex'), smiles from items join item_sources on item_id = id order by source_line
      """
    #expect(try fixture.rows(items) == ["c385|CC", "e284ab|CCC"])
    // Updating both keeps them apart as well.
    let changed = try fixture.file(["id\tsmiles", "\u{212b}\tCO", "\u{c5}\tCN"])
    #expect(try fixture.index(changed, chunkRows: chunkRows).rows == 2)
    #expect(try fixture.rows(items) == ["e284ab|CO", "c385|CN"])
  }

  @Test func otherFormatsKeepTheirProperties() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(
      [#"{"id":"x","text":"alpha β","rank":3}"#, #"{"id":"y","smiles":"CCO","note":"a\"b"}"#],
      name: "corpus.ndjson")
    try fixture.index(path)
    let items = try fixture.rows(
      """
      select source_id, smiles, text, i.properties::text
      from items i join item_sources on item_id = id order by source_id
      """)
    #expect(items == [#"x|-|alpha β|{"rank": "3"}"#, #"y|CCO|-|{"note": "a\"b"}"#])
  }
}
