import Postgres
import TestSupport
import Testing

@Suite struct CopyWriterDatabaseTests {
  private struct Stop: Error {}
  let connection: Connection
  private let columns = ["id", "n", "name", "vector", "properties", "moment"]

  init() throws {
    connection = try Connection(TemporaryCluster.shared().settings)
    try connection.execute(
      """
      create temporary table t (id bigint primary key, n integer, name text, vector bytea,
        properties jsonb, moment timestamptz)
      """)
  }

  private func fill(_ writer: inout CopyWriter, rows: Range<Int64>) throws {
    for id in rows {
      writer.append(id)
      writer.append(Int32(truncatingIfNeeded: -id))
      writer.append(id.isMultiple(of: 3) ? nil : "naïve \(id)")
      let vector = [UInt8](repeating: UInt8(truncatingIfNeeded: id), count: 16)
      writer.append(elements: vector.span)
      writer.append(JSONText("{\"id\": \(id)}"))
      writer.append(id == 1 ? nil : Timestamp(microsecondsSince1970: id * 1_000_000))
      try writer.endRow()
    }
  }

  private var rowCount: Int {
    get throws { try connection.query("select count(*) from t").single().value(at: 0) }
  }

  @Test func fiftyThousandRowsArrive() throws {
    let stored = try connection.copyIn("t", columns: columns) { try fill(&$0, rows: 0..<50_000) }
    #expect(stored == 50_000)
    let row = try connection.query(
      """
      select count(*) as rows, sum(n)::bigint as sum, count(name) as names,
        count(*) filter (where (properties->>'id')::bigint = id) as properties,
        count(*) filter (where name = 'naïve ' || id) as texts,
        count(*) filter (where octet_length(vector) = 16 and get_byte(vector, 7) = id % 256) as bytes,
        count(*) filter (where extract(epoch from moment)::bigint = id) as moments
      from t
      """
    ).single()
    #expect(try row.value("rows") == 50_000)
    #expect(try row.value("sum") == -1_249_975_000)
    #expect(try row.value("names") == 33_333)
    #expect(try row.value("texts") == 33_333)
    #expect(try row.value("properties") == 50_000)
    #expect(try row.value("bytes") == 50_000)
    #expect(try row.value("moments") == 49_999)
  }

  @Test func noRowsAreFine() throws {
    #expect(try connection.copyIn("t", columns: columns) { _ in } == 0)
  }

  @Test(arguments: [0, 1, 20_000] as [Int64])
  func anErrorOfTheBodyLeavesNothing(rows: Int64) throws {
    #expect(throws: Stop.self) {
      try connection.copyIn("t", columns: columns) { writer in
        try fill(&writer, rows: 0..<rows)
        writer.append(rows)
        throw Stop()
      }
    }
    #expect(try rowCount == 0)
  }

  @Test(arguments: [10, 50_000] as [Int64])
  func anErrorOfTheServerLeavesNothing(rows: Int64) throws {
    try connection.execute("insert into t (id) values (5)")
    let error = #expect(throws: PostgresError.self) {
      try connection.copyIn("t", columns: columns) { try fill(&$0, rows: 0..<rows) }
    }
    #expect(error?.sqlState == "23505")
    #expect(error?.detail == "Key (id)=(5) already exists.")
    #expect(try rowCount == 1)
  }

  @Test func aWrongColumnTypeIsTheServersError() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.copyIn("t", columns: ["id"]) { writer in
        writer.append(Int32(1))
        try writer.endRow()
      }
    }
    #expect(error?.sqlState == "08P01")
    #expect(try rowCount == 0)
  }

  @Test func aConnectionLostInACopyIsToldApart() throws {
    let victim = try Connection(TemporaryCluster.shared().settings)
    try victim.execute("create temporary table t (id bigint)")
    let pid = victim.backendProcessID
    let error = #expect(throws: PostgresError.self) {
      try victim.copyIn("t", columns: ["id"]) { writer in
        try connection.execute("select pg_terminate_backend(\(pid), 10000)")
        for id in 0..<500_000 as Range<Int64> {
          writer.append(id)
          try writer.endRow()
        }
      }
    }
    #expect(error?.kind == .connectionLost)
  }

  @Test func aMissingTableIsTheServersError() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.copyIn("absent", columns: ["id"]) { _ in }
    }
    #expect(error?.sqlState == "42P01")
    #expect(try rowCount == 0)
  }

  @Test func aRolledBackTransactionTakesItsCopyAlong() throws {
    #expect(throws: Stop.self) {
      try connection.transaction {
        #expect(try connection.copyIn("t", columns: columns) { try fill(&$0, rows: 0..<9) } == 9)
        throw Stop()
      }
    }
    #expect(try rowCount == 0)
  }

  @Test func aRowOfTheWrongWidthTraps() async {
    await #expect(processExitsWith: .failure) {
      let connection = try Connection(TemporaryCluster.shared().settings)
      try connection.execute("create temporary table t (id bigint, n integer)")
      _ = try connection.copyIn("t", columns: ["id", "n"]) { writer in
        writer.append(Int64(1))
        try writer.endRow()
      }
    }
  }
}
