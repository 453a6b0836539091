import Postgres
import TestSupport
import Testing

@Suite struct RowDatabaseTests {
  let connection: Connection

  init() throws {
    connection = try Connection(TemporaryCluster.shared().settings)
  }

  private func message(_ body: () throws -> Void) -> String? {
    let error = #expect(throws: PostgresError.self) { try body() }
    #expect(error?.kind == .column)
    return error?.message
  }

  @Test func smallerIntegersWiden() throws {
    let row = try connection.query("select (-5)::smallint as a, (-6)::integer as b").single()
    #expect(try row.value("a", as: Int64.self) == -5)
    #expect(try row.value("b", as: Int64.self) == -6)
    #expect(try row.value("a", as: Int32.self) == -5)
    #expect(try row.value("b", as: Int.self) == -6)
  }

  @Test func charactersAndNamesAreText() throws {
    let row = try connection.query(
      "select 'ab'::char(3) as a, 'c'::varchar as b, 'd'::name as c, '[1]'::json as d"
    ).single()
    #expect(try row.value("a") == "ab ")
    #expect(try row.value("b") == "c")
    #expect(try row.value("c") == "d")
    #expect(try row.value("d") == JSONText("[1]"))
  }

  @Test func wrongTypeNamesColumnFoundAndExpected() throws {
    let row = try connection.query("select 1::bigint as id, 'x' as name").single()
    #expect(
      message { _ = try row.value("id", as: String.self) }
        == "column \"id\" of row 0: found bigint, expected \"char\" or character or "
        + "character varying or json or name or text")
    #expect(
      message { _ = try row.value("id", as: Int32.self) }
        == "column \"id\" of row 0: found bigint, expected integer or smallint")
    #expect(
      message { _ = try row.value("name", as: Bool.self) }
        == "column \"name\" of row 0: found text, expected boolean")
  }

  @Test func nullNeedsAnOptional() throws {
    let row = try connection.query("select null::integer as n").single()
    #expect(try row.value("n", as: Int32?.self) == nil)
    #expect(
      message { _ = try row.value("n", as: Int32.self) }
        == "column \"n\" of row 0: found NULL, expected integer or smallint")
  }

  @Test func missingColumnListsThoseThereAre() throws {
    let row = try connection.query("select 1 as a, 2 as \"B\"").single()
    #expect(try row.value("B") == 2)
    #expect(
      message { _ = try row.value("b", as: Int.self) }
        == "column \"b\" is not in the result, which has: a, B")
  }

  @Test func singleRefusesNoneAndSeveral() throws {
    for (limit, found) in [(0, "0 rows"), (2, "2 rows")] {
      let rows = try connection.query("select 1 from generate_series(1, \(limit))")
      let error = #expect(throws: PostgresError.self) { try rows.single() }
      #expect(error?.kind == .rowCount)
      #expect(error?.message == "found \(found), expected exactly one")
    }
  }

  @Test func infiniteMomentsAreRefused() throws {
    let row = try connection.query("select 'infinity'::timestamptz as t").single()
    #expect(
      message { _ = try row.value("t", as: Timestamp.self) }
        == "column \"t\" of row 0: found infinity, expected a moment")
  }

  @Test func bytesAreLentAsNumbers() throws {
    let row = try connection.query("select '\\x0100ff02'::bytea as v").single()
    let numbers = try row.withElements(at: 0, as: UInt16.self) { span in
      span.indices.map { span[$0] }
    }
    #expect(numbers == [1, 0x02ff])
    #expect(
      message { try row.withElements(at: 0, as: UInt64.self) { _ in } }
        == "column \"v\" of row 0: found 4 bytes, expected a multiple of 8 bytes")
  }

  @Test func rowsOutliveTheirConnection() throws {
    var rows: Rows?
    do {
      let other = try Connection(TemporaryCluster.shared().settings)
      rows = try other.query("select n, 'text ' || n as t from generate_series(1, 3) n")
    }
    let texts = try rows?.map { try $0.value("t", as: String.self) }
    #expect(texts == ["text 1", "text 2", "text 3"])
    #expect(rows?.columnNames == ["n", "t"])
  }
}
