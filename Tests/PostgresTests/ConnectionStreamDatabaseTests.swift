import Postgres
import TestSupport
import Testing

@Suite struct ConnectionStreamDatabaseTests {
  private struct Stop: Error {}
  let connection: Connection

  init() throws {
    connection = try Connection(TemporaryCluster.shared().settings)
  }

  @Test func rowsArriveInOrderWithTheirBytes() throws {
    var expected: Int64 = 0
    let count = try connection.forEachRow(
      """
      select n, decode(lpad(to_hex(n), 8, '0'), 'hex') from generate_series(1::bigint, \(20_000)) n
      """
    ) { row in
      expected += 1
      #expect(try row.value(at: 0) == expected)
      let bytes = try row.withElements(at: 1, as: UInt8.self) { span in
        span.indices.reduce(Int64(0)) { $0 << 8 | Int64(span[$1]) }
      }
      #expect(bytes == expected)
    }
    #expect(count == 20_000)
    #expect(expected == 20_000)
  }

  @Test func noRowsMeansNoCalls() throws {
    let count = try connection.forEachRow("select 1 where false") { _ in Issue.record("a row") }
    #expect(count == 0)
  }

  @Test func anErrorOfTheBodyCancelsAndLeavesTheConnectionUsable() throws {
    var seen = 0
    let start = ContinuousClock.now
    #expect(throws: Stop.self) {
      try connection.forEachRow("select generate_series(1, 2000000000)") { _ in
        seen += 1
        if seen == 10 { throw Stop() }
      }
    }
    #expect(seen == 10)
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try connection.query("select 1").count == 1)
  }

  @Test func anErrorOfTheServerAfterSomeRowsIsThrown() throws {
    var seen = 0
    let error = #expect(throws: PostgresError.self) {
      try connection.forEachRow("select 1 / (5 - n) from generate_series(1, 9) n") { _ in seen += 1
      }
    }
    #expect(error?.sqlState == "22012")
    #expect(seen == 4)
    #expect(try connection.query("select 1").count == 1)
  }

  @Test func usingTheConnectionInsideTraps() async {
    await #expect(processExitsWith: .failure) {
      let connection = try Connection(TemporaryCluster.shared().settings)
      try connection.forEachRow("select 1") { _ in try connection.execute("select 2") }
    }
  }
}
