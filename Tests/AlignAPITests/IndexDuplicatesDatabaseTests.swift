import AlignAPI
import Foundation
import ModelTestSupport
import Postgres
import Testing

@Suite struct IndexDuplicatesDatabaseTests {
  /// Items by their content, source ids with lines, and rejects: everything but numbers and times.
  private static let contents: SQLStatement = """
    select coalesce(text, '-'), i.properties::text, s.source_id, s.source_line::text,
      s.properties::text, (select count(*)::text from embeddings where item_id = i.id),
      (select string_agg(name || '=' || value, ',') from item_numbers where item_id = i.id)
    from items i join item_sources s on item_id = id order by s.source_line
    """

  private static let lines = [
    "id\tsmiles\ttext\tmass", "a\tCCO\t\t46", "b\tOCC\t\t46.1", "a\tCCC\t\t1",
    "c\tC(O)C\tsolvent\t",
    "d\tCCC\t\t", "e\tOCC\tsolvent\t3", "d\tCO\t\t", "f\tC(C)O\t\tlight", "b\tC\t\t",
  ]

  @Test(
    arguments: [
      [1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [3, 1, 5, 2, 4], [2, 5, 1, 4, 3],
    ] as [[Int32]])
  func chunksMayBeStoredInAnyOrder(order: [Int32]) throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(Self.lines)
    let queue = try IndexQueueFixture(path, in: fixture, chunkRows: 2)
    try queue.store(inOrder: order)
    #expect(
      try fixture.rows(Self.contents) == [
        #"-|{"mass": "46"}|a|2|-|1|mass=46"#, #"-|{"mass": "46"}|b|3|{"mass": "46.1"}|1|mass=46"#,
        "solvent|{}|c|5|-|2|-", "-|{}|d|6|-|1|-",
        #"solvent|{}|e|7|{"mass": "3"}|2|-"#,
        #"-|{"mass": "46"}|f|9|{"mass": "light"}|1|mass=46"#,
      ])
    #expect(
      try fixture.rows("select line::text, found from index_rejects r order by r.line") == [
        "4|the id of line 2", "8|the id of line 6", "10|the id of line 3",
      ])
    #expect(
      try fixture.rows(
        """
        select state, rows_indexed::text, rows_rejected::text, (select count(*)::text from items)
        from index_jobs
        """) == ["done|6|3|3"])
  }

  @Test func spellingsOfAMoleculeAreOneItemWithItsColumns() throws {
    let fixture = try IndexFixture()
    let path = try fixture.file(["id\tsmiles", "a\tc1ccccc1O", "b\tOc1ccccc1", "c\tC1=CC=CC=C1O"])
    #expect(try fixture.index(path).rows == 3)
    #expect(
      try fixture.rows(
        """
        select smiles, heavy_atoms::text, rings::text, round(molecular_weight::numeric, 2)::text,
          octet_length(fingerprint)::text, octet_length(screen)::text,
          octet_length(content_key)::text, (molecule_key is not null)::text from items
        """) == ["c1ccccc1O|7|1|94.11|256|64|16|true"])
    #expect(try fixture.rows("select count(*)::text from item_sources") == ["3"])
    #expect(try fixture.rows("select count(*)::text from embeddings") == ["1"])
  }

  @Test func idThatMovesLeavesNoOrphanAndIsInTheChangeLog() throws {
    let fixture = try IndexFixture()
    try fixture.index(fixture.file(["id\tsmiles", "a\tCCO", "b\tCCN", "c\tOCC"], name: "1.tsv"))
    let items = try fixture.rows("select source_id, item_id::text from item_sources order by 1")
    #expect(try fixture.rows("select version::text from corpora") == ["1"])
    // b takes ethanol and leaves its own molecule behind; a keeps its own, c stays where it is.
    try fixture.index(fixture.file(["id\tsmiles", "b\tCCO", "a\tCCO"], name: "2.tsv"))
    let ethanol = items[0].dropFirst(2)
    let amine = items[1].dropFirst(2)
    #expect(
      try fixture.rows("select source_id, item_id::text from item_sources order by 1")
        == ["a|\(ethanol)", "b|\(ethanol)", "c|\(ethanol)"])
    #expect(
      try fixture.rows(
        "select version::text, model_id::text, written::text, deleted::text from changes order by 1"
      ) == ["1|1|{1,2}|{}", "2|-|{\(ethanol)}|{\(amine)}"])
    #expect(try fixture.rows("select count(*)::text from embeddings") == ["1"])
  }

  @Test func changedPropertiesReachItemAndNumbers() throws {
    let fixture = try IndexFixture()
    let header = "id\tsmiles\tmass\tnote"
    try fixture.index(fixture.file([header, "a\tCCO\t46\tx"], name: "1.tsv"))
    try fixture.index(fixture.file([header, "a\tCCO\t1e2\t7"], name: "2.tsv"))
    #expect(
      try fixture.rows("select properties::text from items") == [#"{"mass": "1e2", "note": "7"}"#])
    #expect(
      try fixture.rows("select name, value::text from item_numbers order by 1")
        == ["mass|100", "note|7"])
    #expect(try fixture.rows("select properties::text from item_sources") == ["-"])
  }

  @Test(
    arguments: [
      ("1", "1"), ("-2.50", "-2.5"), ("+3e2", "300"), ("1e-3", "0.001"), (".5", "0.5"),
      ("1.", "1"), ("-.5e1", "-5"), ("1234567890123456", "1.234567890123456e+15"),
      ("0.8414709848078965", "0.8414709848078965"),
      ("0.90929742682568171", "0.9092974268256817"),
      ("-12345678901234567890.123", "-1.2345678901234567e+19"),
      ("1.7976931348623157e308", "1.7976931348623157e+308"), ("1.797693134862316e308", nil),
      ("2.2250738585072014e-308", "2.2250738585072014e-308"), ("5e-324", "5e-324"),
      ("1e-400", "0"), ("-1e-9999", "0"), ("1e-10000", nil), ("1e999", nil), ("9e9999", nil),
      (String(repeating: "0", count: 399) + "7", "7"), (String(repeating: "0", count: 401), nil),
      (String(repeating: "9", count: 309), nil), ("0x1F", nil), ("NaN", nil), ("1 ", nil),
      (".", nil), ("+.", nil), ("1e", nil), ("1.2.3", nil), ("infinity", nil), ("", nil),
    ] as [(String, String?)])
  func numbersAreWhatTheRuleSays(text: String, number: String?) throws {
    let fixture = try IndexFixture()
    #expect(try fixture.rows("select property_number(\(text))::text") == [number ?? "-"])
  }
}
