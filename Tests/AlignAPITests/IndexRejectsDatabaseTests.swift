import Foundation
import ModelTestSupport
import Postgres
import Records
import Testing

@testable import AlignAPI

@Suite struct IndexRejectsDatabaseTests {
  private static let badRows = [
    "id\tsmiles\ttext", "a\tCCO\tfirst", "b\tC(C\tbranch", "c\t\tnul \0 inside", "d\t\t",
    "a\tCC\tsame chunk", "e\tCCN\tgood", "f\tCCC\tgood", "g\tCCCC\tgood", "e\tCO\tother chunk",
    String(repeating: "x", count: 1001) + "\tCC\t", "h\tCC\tlast",
  ]

  @Test(arguments: [3, 100])
  func badRowsAreListedWithLineAndReason(chunkRows: Int) throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(Self.badRows)
    let outcome = try fixture.index(path, chunkRows: chunkRows)
    #expect(outcome.end == .finished && outcome.rows == 5 && outcome.rejected == 6)
    let items = try fixture.rows(
      "select source_id, smiles, source_line::text from items join item_sources s on item_id = id order by s.source_line"
    )
    #expect(items == ["a|CCO|2", "e|CCN|7", "f|CCC|8", "g|CCCC|9", "h|CC|12"])
    let rejects = try fixture.rejects()
    #expect(
      rejects == [
        "3 smiles: expected a molecule, found byte 1: the branch opened here is never closed",
        "4 text: expected text without it, found the character U+0000",
        "5 : expected a SMILES or a text, found neither",
        "6 id: expected an id of its own, found the id of line 2",
        "10 id: expected an id of its own, found the id of line 7",
        "11 id: expected an id of at most 1000 bytes, found 1001 bytes",
      ])
    #expect(try fixture.index(path).end == .alreadyIndexed)
    #expect(try fixture.rejects() == rejects)
  }

  /// A `tsvector` of all of its words would not fit into its 1 MiB.
  @Test func textOfDistinctWordsIsStoredAndFoundByTheFirst() throws {
    let fixture = try IndexFixture()
    let words = (100_000..<240_000).map(String.init).joined(separator: " ")
    let path = try fixture.file(["id\tsmiles\ttext", "a\tCC\t\(words)", "b\tCCC\tsolvent 7"])
    let outcome = try fixture.index(path)
    #expect(outcome.end == .finished && outcome.rows == 2 && outcome.rejected == 0)
    let overflow = #expect(throws: PostgresError.self) {
      try fixture.rows("select to_tsvector('english', text)::text from items")
    }
    #expect(overflow?.sqlState == "54000")
    let connection = try Connection(fixture.settings)
    func found(_ text: String) throws -> [Int64] {
      try WordSearch(text: text, target: .texts).best(5, from: connection) { _ in true }.map(\.id)
    }
    let first = try found("100007")
    #expect(try fixture.rows("select id::text from items where smiles = 'CC'") == ["\(first[0])"])
    #expect(first.count == 1)
    #expect(try found("239999") == [])
    #expect(try found("solvent").count == 1)
  }

  @Test func overlongNamesOfPropertiesAreRejected() throws {
    let fixture = try IndexFixture()
    func line(_ id: String, _ smiles: String, bytes: Int) -> String {
      #"{"id":"\#(id)","smiles":"\#(smiles)","\#(String(repeating: "n", count: bytes))":7}"#
    }
    let path = try fixture.file(
      [line("a", "C", bytes: 1025), line("b", "CC", bytes: 5000), line("c", "CCC", bytes: 1024)],
      name: "corpus.ndjson")
    let outcome = try fixture.index(path)
    #expect(outcome.end == .finished && outcome.rows == 1 && outcome.rejected == 2)
    #expect(
      try fixture.rejects() == [
        "1 properties: expected names of at most 1024 bytes, found a name of 1025 bytes",
        "2 properties: expected names of at most 1024 bytes, found a name of 5000 bytes",
      ])
    #expect(
      try fixture.rows("select octet_length(name)::text, value::text from item_numbers")
        == ["1024|7"])
  }

  @Test func overlongMoleculesAndTextsAreRejected() throws {
    let fixture = try IndexFixture()
    func line(_ id: String, smiles: Int, text: Int) -> String {
      let chain = String(repeating: "C", count: smiles)
      return "\(id)\t\(chain)\t\(String(repeating: "t ", count: text / 2))u"
    }
    let path = try fixture.file([
      "id\tsmiles\ttext", line("a", smiles: 65_537, text: 0), line("b", smiles: 100_000, text: 0),
      line("c", smiles: 1, text: 1 << 20), line("d", smiles: 10_000, text: 9),
      line("e", smiles: 1, text: 40_000),
    ])
    let outcome = try fixture.index(path)
    #expect(outcome.end == .finished && outcome.rows == 2 && outcome.rejected == 3)
    #expect(
      try fixture.rows("select source_id from item_sources order by source_line") == ["d", "e"])
    #expect(
      try fixture.rejects() == [
        "2 smiles: expected at most 65536 bytes, found 65537 bytes",
        "3 smiles: expected at most 65536 bytes, found 100000 bytes",
        "4 text: expected at most 1048576 bytes, found 1048577 bytes",
      ])
  }

  @Test func strictIndexingNamesTheFirstBadRow() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file([
      "id\tsmiles", "a\tCC", "b\tCC", "c\tCC", "b\tC", "d\tC(", "e\tCO", "f\tCN",
    ])
    let error = #expect(throws: IndexError.self) {
      try fixture.indexer(chunkRows: 3).index(fixture.request(path, isStrict: true))
    }
    #expect(
      error?.description
        == "\(path), line 5, field id: expected an id of its own, found the id of line 3")
    #expect(
      try fixture.rows("select number::text from index_chunks where error is not null") == ["2"])
    #expect(
      try fixture.rows("select source_id from item_sources order by source_line") == [
        "a", "b", "c",
      ])
  }

  @Test func strictIndexingRefusesAFileThatLeftRowsOut() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC", "b\tC("])
    try fixture.index(path)
    let error = #expect(throws: IndexError.self) {
      try fixture.indexer().index(fixture.request(path, isStrict: true))
    }
    #expect(
      error == .indexedWithRejects(path: path, count: 1, rejectsPath: fixture.rejectsPath))
    #expect(error?.description.contains("1 bad row was left out") == true)
  }

  @Test func interruptedRunContinuesWithoutRepeatingRejects() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(Self.badRows)
    let stopped = try fixture.indexer(chunkRows: 4).index(
      fixture.request(path),
      shouldStop: {
        let taken = try? fixture.rows(
          """
          select 'x' from index_chunks where attempts > 0
          union all select 'x' from index_jobs where chunks_done > 0
          """)
        return taken?.isEmpty == false
      })
    #expect(stopped.end == .stopped && stopped.rows == 1 && stopped.rejected == 3)
    #expect(try fixture.rejects().map { $0.prefix { $0 != " " } } == ["3", "4", "5"])
    // What a kill while the file was written leaves behind, the last row cut short.
    let left = "\(path)\t6\tid\treason\traw\n/other.tsv\t99\tid\treason\traw\n\(path)\t10"
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.rejectsPath))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(left.utf8))
    try handle.close()

    var events: [IndexEvent] = []
    let resumed = try fixture.indexer(chunkRows: 4).index(
      fixture.request(path), report: { events.append($0) })
    #expect(events.first == .opened(job: 1))
    #expect(events.contains { if case .resumed = $0 { true } else { false } })
    #expect(resumed.end == .finished && resumed.rows == 4 && resumed.totalRows == 5)
    #expect(resumed.rejected == 3 && resumed.totalRejected == 6)
    let lines = try fixture.rejects().map { $0.prefix { $0 != " " } }
    #expect(lines == ["99", "3", "4", "5", "6", "10", "11"])
    #expect(try fixture.rows("select count(*)::text from items") == ["5"])
  }

  @Test func anotherFileAtTheRejectsPathIsLeftAlone() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tCC"])
    var request = fixture.request(path)
    request.rejectsPath = path
    let error = #expect(throws: RecordsError.self) { try fixture.indexer().index(request) }
    #expect(error?.reason == .notRejects && error?.file == path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "id\tsmiles\na\tCC\n")
  }
}
