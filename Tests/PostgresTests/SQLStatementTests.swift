import Postgres
import Testing

@Suite struct SQLStatementTests {
  @Test func interpolatedValuesBecomeNumberedBinds() {
    let id: Int64 = 7
    let name: String? = nil
    let statement: SQLStatement = "select a from b where id = \(id) and name = \(name)"
    #expect(statement.text == "select a from b where id = $1 and name = $2")
    #expect(statement.binds == [Bind(id), Bind(name)])
    #expect(statement.binds.map(\.type) == [.int8, .text])
    #expect(statement.binds.map(\.bytes) == [[0, 0, 0, 0, 0, 0, 0, 7], nil])
  }

  @Test func fragmentsKeepTheirBindsInOrder() {
    let filter: SQLStatement = "x > \(Int32(1)) or y = \("z")"
    let statement: SQLStatement = "select \(true) where (\(fragment: filter)) limit \(Int32(5))"
    #expect(statement.text == "select $1 where (x > $2 or y = $3) limit $4")
    #expect(statement.binds.map(\.type) == [.bool, .int4, .text, .int4])
  }

  @Test func identifiersAreQuoted() {
    let name = "odd \"name\"; drop table x"
    let statement: SQLStatement = "select * from \(identifier: name)"
    #expect(statement.text == "select * from \"odd \"\"name\"\"; drop table x\"")
    #expect(statement.binds.isEmpty)
  }
}
