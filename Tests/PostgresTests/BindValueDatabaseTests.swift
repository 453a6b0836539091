import Postgres
import TestSupport
import Testing

/// Values go to the server and come back; the server's own text form is the independent witness.
@Suite struct BindValueDatabaseTests {
  let connection: Connection

  init() throws {
    connection = try Connection(TemporaryCluster.shared().settings)
  }

  private func expectRoundTrip<Value: BindValue & ColumnValue & Equatable>(
    _ value: Value, text: String?
  ) throws {
    let row = try connection.query("select \(value) as value, \(value)::text as text").single()
    #expect(try row.value("value") == value)
    #expect(try row.value("text") == text)
    let none = try connection.query("select \(Value?.none) as value").single()
    #expect(try none.value("value", as: Value?.self) == nil)
  }

  private func expectText<Value: BindValue>(_ value: Value, _ text: String) throws {
    let row = try connection.query("select \(value)::text").single()
    #expect(try row.value(at: 0) == text)
  }

  @Test func integersKeepTheirExtremes() throws {
    try expectRoundTrip(Int16.min, text: "-32768")
    try expectRoundTrip(Int32.min, text: "-2147483648")
    try expectRoundTrip(Int32.max, text: "2147483647")
    try expectRoundTrip(Int64.min, text: "-9223372036854775808")
    try expectRoundTrip(Int64.max, text: "9223372036854775807")
    try expectRoundTrip(-1, text: "-1")
  }

  @Test func floatsKeepTheirBits() throws {
    try expectRoundTrip(0.1, text: "0.1")
    try expectRoundTrip(-Double.infinity, text: "-Infinity")
    try expectRoundTrip(Float(1.5), text: "1.5")
    let nan = try connection.query("select \(Double.nan)").single()
    #expect(try nan.value(at: 0, as: Double.self).isNaN)
  }

  @Test func boolsAndTextAndBytes() throws {
    try expectRoundTrip(true, text: "true")
    try expectRoundTrip(false, text: "false")
    try expectRoundTrip("", text: "")
    try expectRoundTrip("ä 🧪 ' \\ \n", text: "ä 🧪 ' \\ \n")
    try expectText([0, 255, 92, 10] as [UInt8], "\\x00ff5c0a")
    try expectText([] as [UInt8], "\\x")
  }

  @Test func arraysOfNumbersAndTexts() throws {
    try expectText([1, -2, Int64.max] as [Int64], "{1,-2,9223372036854775807}")
    try expectText([] as [Int64], "{}")
    try expectText(["a", "", "b,c\""], #"{a,"","b,c\""}"#)
    try expectText([] as [String], "{}")
  }

  @Test func arraysSelectRows() throws {
    let wanted: [Int64] = [3, 5, 99]
    let rows = try connection.query(
      "select n from generate_series(1::bigint, 10) n where n = any(\(wanted)) order by n")
    #expect(try rows.map { try $0.value("n", as: Int64.self) } == [3, 5])
  }

  @Test func jsonIsCheckedByTheServer() throws {
    try expectRoundTrip(JSONText(#"{"a": [1, null]}"#), text: #"{"a": [1, null]}"#)
    let error = #expect(throws: PostgresError.self) {
      try connection.query("select \(JSONText("{"))")
    }
    #expect(error?.sqlState == "22P02")
  }

  @Test(
    arguments: [
      (0, "1970-01-01 00:00:00+00"), (-1, "1969-12-31 23:59:59.999999+00"),
      (1_700_000_000_123_456, "2023-11-14 22:13:20.123456+00"),
    ] as [(Int64, String)])
  func timestampsKeepTheirMicroseconds(microseconds: Int64, text: String) throws {
    try connection.execute("set timezone = 'UTC'")
    try expectRoundTrip(Timestamp(microsecondsSince1970: microseconds), text: text)
  }

  @Test func textWithZeroByteIsRefusedByTheServer() throws {
    let error = #expect(throws: PostgresError.self) { try connection.query("select \("a\0b")") }
    #expect(error?.sqlState == "22021")
    #expect(try connection.query("select 1").count == 1)
  }
}
